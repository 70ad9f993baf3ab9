"""Prints the `providers` list of genai-prices' data.py as JSON, without running the file.

The list is made of literals and constructor calls. A call becomes an object of its keyword arguments, with the
constructor's name under "is"; `Decimal('2.5')` becomes "2.5" and a date "2026-10-12".
"""

import ast
import json
import sys


def plain(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [plain(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {plain(key): plain(value) for key, value in zip(node.keys, node.values)}
    if isinstance(node, (ast.Attribute, ast.Name)):
        return ast.unparse(node)
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name == "Decimal":
            return str(plain(node.args[0]))
        if name == "datetime.date":
            year, month, day = (plain(part) for part in node.args)
            return f"{year:04}-{month:02}-{day:02}"
        return {"is": name} | {word.arg: plain(word.value) for word in node.keywords}
    sys.exit(f"line {node.lineno}: {ast.unparse(node)[:80]} is neither a literal nor a call")


for statement in ast.parse(sys.stdin.buffer.read()).body:
    if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "providers":
        json.dump(plain(statement.value), sys.stdout)
        break
else:
    sys.exit("there is no list of providers")
