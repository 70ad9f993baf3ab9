'use client';

import type { CostShare, DepartmentCosts, DepartmentShare, ProjectShare } from '@meterwire/client';
import { useId, useState } from 'react';
import { changeText, departmentName } from '../../logic/departments.ts';
import { percentText } from '../../logic/limits/words.ts';
import { exactDecimals, formatUsd, formatUsdExact, isZeroUsd } from '../../logic/money.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { Icon } from '../Icon/Icon.tsx';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';

/** Departments, each with its projects inside, and the total that they add up to. */
export function DepartmentsTable({ costs }: { costs: DepartmentCosts }) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  // Every digit, so that the rows can be seen to add up.
  const decimals = exactDecimals([
    costs.total.cost_usd,
    ...costs.departments.flatMap(({ cost_usd, projects }) => [
      cost_usd,
      ...projects.map((one) => one.cost_usd),
    ]),
  ]);
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label="Cost by department, table" tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            <th scope="col">Department</th>
            <th scope="col">Share</th>
            <th scope="col" className="mw-num">
              Cost
            </th>
            <th scope="col" className="mw-num">
              Before
            </th>
            <th scope="col" className="mw-num">
              Change
            </th>
            <th scope="col" className="mw-num">
              Calls
            </th>
          </tr>
        </thead>
        {costs.departments.map((department) => {
          const name = departmentName(department.department, department.other);
          const key = department.other ? ' other' : name;
          return (
            <DepartmentRows
              key={key}
              department={department}
              name={name}
              decimals={decimals}
              open={opened.includes(key)}
              onOpen={(on) => setOpened(on ? [...opened, key] : opened.filter((one) => one !== key))}
            />
          );
        })}
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td />
            <Figures cost={costs.total} decimals={decimals} isAll />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface DepartmentRowsProps {
  department: DepartmentShare;
  name: string;
  decimals: number;
  open: boolean;
  onOpen: (on: boolean) => void;
}

function DepartmentRows({ department, name, decimals, open, onOpen }: DepartmentRowsProps) {
  const id = useId();
  const { projects, teams } = department;
  return (
    <tbody id={id} className={open ? 'mw-group-open' : ''}>
      <tr>
        <th scope="row">
          {projects.length > 0 ? (
            <button
              type="button"
              className="mw-link mw-link-plain mw-disclosure"
              aria-expanded={open}
              aria-label={`${name}, ${countOf(projects.length, 'project')}`}
              onClick={() => onOpen(!open)}
            >
              <Icon name="right" />
              <span>{name}</span>
            </button>
          ) : (
            <span className="mw-no-disclosure">{name}</span>
          )}
          {teams.length > 0 && <span className="mw-cell-note mw-no-disclosure">{teams.join(', ')}</span>}
        </th>
        <Share cost={department} name={name} />
        <Figures cost={department} decimals={decimals} />
      </tr>
      {open &&
        projects.map((project) => (
          <ProjectRow key={`${project.other} ${project.project}`} project={project} decimals={decimals} />
        ))}
    </tbody>
  );
}

function ProjectRow({ project, decimals }: { project: ProjectShare; decimals: number }) {
  const name = project.other ? 'Other projects' : (project.project ?? '(no project)');
  return (
    <tr className="mw-project-row">
      <th scope="row" className="mw-child">
        {name}
        {project.team && <span className="mw-cell-note">{project.team}</span>}
      </th>
      <Share cost={project} name={name} />
      <Figures cost={project} decimals={decimals} />
    </tr>
  );
}

function Share({ cost, name }: { cost: CostShare; name: string }) {
  const share = cost.share_percentage;
  // The server rounds to two decimals; something is never shown as nothing.
  const text = share === 0 && !isZeroUsd(cost.cost_usd) ? '< 0.1 %' : percentText(share ?? 0);
  return (
    <td data-label="Share">
      {share === null ? (
        <span className="mw-quiet">–</span>
      ) : (
        <span className="mw-share">
          <ProgressBar percentage={share} label={`Share of ${name}`} valueText={text} />
          <span className="mw-share-text">{text}</span>
        </span>
      )}
    </td>
  );
}

interface FiguresProps {
  cost: CostShare;
  decimals: number;
  /** All that the page shows. Which events a department pays for, no filter of the log says. */
  isAll?: boolean;
}

function Figures({ cost, decimals, isAll = false }: FiguresProps) {
  const { cost_usd, previous_cost_usd, calls, unpriced_calls } = cost;
  return (
    <>
      <td className="mw-num" data-label="Cost">
        <span>
          {unpriced_calls > 0 && isZeroUsd(cost_usd) ? (
            <span className="mw-badge">No price</span>
          ) : (
            <span title={formatUsdExact(cost_usd)}>{formatUsd(cost_usd, decimals)}</span>
          )}
          {unpriced_calls > 0 && (
            <span className="mw-cell-note mw-unpriced-text">
              <UnpricedLink calls={unpriced_calls} {...(isAll ? {} : { drill: null })} />
            </span>
          )}
        </span>
      </td>
      <td className="mw-num mw-quiet" data-label="Before">
        {previous_cost_usd === null ? '–' : formatUsd(previous_cost_usd, decimals)}
      </td>
      <td className="mw-num" data-label="Change">
        {changeText(cost)}
      </td>
      <td className="mw-num" data-label="Calls">
        {formatInteger(calls)}
      </td>
    </>
  );
}
