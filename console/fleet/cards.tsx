/** The fleet on a small screen: a card for each target. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { percent } from "../format.ts";
import { Status } from "../ui/status.tsx";
import { nameOf, Pool, Saves, whyOf } from "./cells.tsx";
import { fleetVerdict, standingMark } from "./marks.ts";
import type { FleetRow } from "./rows.ts";

const atOnce = 50;

interface CardProps {
  readonly row: FleetRow;
  readonly isSelected: boolean;
  readonly toggle: (targetId: string) => void;
}

const Card = ({ row, isSelected, toggle }: CardProps): JSX.Element => {
  const verdict = fleetVerdict(row);
  return (
    <li>
      <label class="choose">
        <input
          type="checkbox"
          aria-label={`Select ${nameOf(row)}`}
          checked={isSelected}
          onChange={() => {
            toggle(row.target_id);
          }}
        />
      </label>
      <a class="name" href={`/targets/${row.target_id}`}>
        {nameOf(row)}
      </a>
      <span class="right">
        <Saves row={row} />
      </span>
      <span>
        <Status mark={standingMark(row)} />{" "}
        <span class="muted">
          <Pool row={row} />
        </span>
      </span>
      <span class="muted right">{percent(row.risk)}</span>
      {verdict !== undefined && (
        <span class="why">
          {verdict.word}: {whyOf(row)}
        </span>
      )}
    </li>
  );
};

interface CardsProps {
  readonly rows: readonly FleetRow[];
  readonly selected: ReadonlySet<string>;
  readonly toggle: (targetId: string) => void;
}

export const FleetCards = ({ rows, selected, toggle }: CardsProps): JSX.Element => {
  const [most, setMost] = useState(atOnce);
  return (
    <>
      <ul class="cards">
        {rows.slice(0, most).map((row) => (
          <Card
            key={row.target_id}
            row={row}
            isSelected={selected.has(row.target_id)}
            toggle={toggle}
          />
        ))}
      </ul>
      {rows.length > most && (
        <button
          type="button"
          class="plain more"
          onClick={() => {
            setMost(most + atOnce);
          }}
        >
          {Math.min(atOnce, rows.length - most)} more
        </button>
      )}
    </>
  );
};
