/** Above the fleet's table: what is shown of it. All of it stands in the address. */
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { count } from "../format.ts";
import { narrow } from "../route.ts";
import { Icon } from "../ui/icons.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { groups, type GroupName } from "./filter.ts";
import type { FleetRow } from "./rows.ts";

/** What is chosen in the address. */
const orders = [
  ["", "Needs a person, acting, saves most"],
  ["name", "Target"],
  ["standing", "Standing"],
  ["pool", "Pool"],
  ["-risk", "Risk, highest first"],
  ["-pays", "Pays, most first"],
  ["-saves", "Saves, most first"],
  ["saves", "Saves, least first"],
  ["verdict", "Verdict and reason"],
  ["-judged", "Judged, latest first"],
] as const;

const Sort = ({ sort }: { readonly sort: string }): JSX.Element => {
  const select = useRef<HTMLSelectElement>(null);
  useKeys([
    {
      keys: "s",
      means: "Sort",
      run: () => {
        select.current?.focus();
      },
    },
  ]);
  const isOther = orders.every(([each]) => each !== sort);
  return (
    <label class="field inline">
      Order
      <select
        ref={select}
        value={sort}
        onChange={(event) => {
          narrow({ sort: event.currentTarget.value });
        }}
      >
        {orders.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
        {isOther && <option value={sort}>As the headings say</option>}
      </select>
    </label>
  );
};

interface ToolsProps {
  /** All of the fleet. */
  readonly rows: readonly FleetRow[];
  readonly group: GroupName;
  readonly filter: string;
  /** As the address says it; empty: the usual order. */
  readonly sort: string;
  readonly download: () => void;
}

const Find = ({ filter }: Pick<ToolsProps, "filter">): JSX.Element => {
  const input = useRef<HTMLInputElement>(null);
  useKeys([
    {
      keys: "/",
      means: "Filter",
      run: () => {
        input.current?.focus();
      },
    },
  ]);
  return (
    <label class="find">
      <Icon name="search" />
      <span class="unseen">Filter by name, id, type, zone, reason</span>
      <input
        ref={input}
        type="search"
        placeholder="Name, id, type, zone, reason"
        title="Words are joined by AND. In a field: reason:saves account:4444 risk>5"
        value={filter}
        onInput={(event) => {
          narrow({ filter: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <kbd>/</kbd>
    </label>
  );
};

/** Of ten thousand rows a letter that is typed counts none anew. */
const useCounts = (rows: readonly FleetRow[]): Readonly<Record<string, number>> =>
  useMemo(
    () =>
      Object.fromEntries(
        Object.entries(groups).map(([name, { has }]) => [name, rows.filter(has).length]),
      ),
    [rows],
  );

export const Tools = ({ rows, group, filter, sort, download }: ToolsProps): JSX.Element => {
  const counts = useCounts(rows);
  return (
    <div class="tools" role="group" aria-label="Filters">
      <Find filter={filter} />
      {Object.entries(groups).map(([name, { name: title }]) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-pressed={name === group}
          onClick={() => {
            narrow({ group: name === "all" ? undefined : name });
          }}
        >
          {title} <b>{count(counts[name])}</b>
        </button>
      ))}
      <span class="grow" />
      <Sort sort={sort} />
      <button type="button" class="chip optional" onClick={download}>
        CSV
      </button>
    </div>
  );
};
