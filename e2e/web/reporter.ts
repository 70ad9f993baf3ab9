import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

/** Ends the run with one plain line that a Makefile can add up: `20 passed, 0 failed`. */
export default class ClosingLine implements Reporter {
  private suite: Suite | undefined;
  private errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onError(): void {
    this.errors += 1;
  }

  onEnd(_result: FullResult): void {
    const tests = this.suite?.allTests() ?? [];
    const passed = tests.filter((test) => test.outcome() === 'expected').length;
    // What did not run counts as failed: nothing here may be skipped.
    process.stdout.write(`${passed} passed, ${tests.length - passed + this.errors} failed\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
