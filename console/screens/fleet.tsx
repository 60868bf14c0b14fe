/** The fleet: what needs a person, what stands where, and why. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { csvOf } from "../fleet/csv.ts";
import { FleetCards } from "../fleet/cards.tsx";
import { Figures } from "../fleet/figures.tsx";
import { groups, isGroup, matches, spellAhead, type GroupName } from "../fleet/filter.ts";
import { FleetGrid } from "../fleet/grid.tsx";
import { NeedsYou } from "../fleet/attention.tsx";
import {
  firstDirection,
  inPlace,
  ordered,
  orderOf,
  orderText,
  type SortColumn,
} from "../fleet/order.ts";
import type { FleetRow, RowsById } from "../fleet/rows.ts";
import { Selected, useSelection } from "../fleet/selection.tsx";
import { fleet, type FleetState } from "../fleet/store.ts";
import { Tools } from "../fleet/tools.tsx";
import { count } from "../format.ts";
import { narrow, type Route } from "../route.ts";
import { useKeys } from "../ui/use-keys.ts";
import { Empty, ReadOf, Screen, useReading } from "../ui/screen.tsx";
import { Time } from "../ui/time.tsx";
import { isWide } from "../ui/wide.ts";

const download = (rows: readonly FleetRow[]): void => {
  const url = URL.createObjectURL(new Blob([csvOf(rows)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "fleet.csv";
  link.click();
  URL.revokeObjectURL(url);
};

interface Put {
  readonly rows: readonly FleetRow[];
  /** Rows that would stand elsewhere by now. */
  readonly moved: number;
  readonly apply: () => void;
}

/** Nothing moves under the hand: the order is that of the time when it was asked for. */
const useOrder = (byId: RowsById, sort: string | null): Put => {
  const wanted = useMemo(
    () => ordered([...byId.values()], orderOf(sort)).map(({ target_id: id }) => id),
    [byId, sort],
  );
  const [put, setPut] = useState({ sort, ids: wanted });
  const ids = put.sort === sort ? put.ids : wanted;
  if (put.sort !== sort) setPut({ sort, ids: wanted });
  const rows = useMemo(() => inPlace(ids, byId), [ids, byId]);
  const moved = useMemo(
    () => rows.filter(({ target_id: id }, index) => wanted[index] !== id).length,
    [rows, wanted],
  );
  return {
    rows,
    moved,
    apply: () => {
      setPut({ sort, ids: wanted });
    },
  };
};

const Foot = ({
  shown,
  all,
  put: { moved, apply },
}: {
  readonly shown: number;
  readonly all: number;
  readonly put: Put;
}): JSX.Element => (
  <div class="foot">
    <span>
      {count(shown)} of {count(all)}
    </span>
    <span class="grow" />
    {moved > 0 && (
      <button type="button" class="plain run" onClick={apply}>
        {count(moved)} rows would stand elsewhere since you sorted <kbd>.</kbd> applies
      </button>
    )}
  </div>
);

const None = (): JSX.Element => (
  <p class="empty">
    No target is like that.{" "}
    <button
      type="button"
      class="button"
      onClick={() => {
        narrow({ filter: undefined, group: undefined });
      }}
    >
      Show all
    </button>
  </p>
);

/** What the browser has to do meanwhile comes in between. */
const later = (run: () => void): (() => void) => {
  const timer = setTimeout(run);
  return () => {
    clearTimeout(timer);
  };
};

/** A second press turns the order round. */
const sortBy = (sort: string | null, column: SortColumn): void => {
  const order = orderOf(sort);
  const first = firstDirection[column];
  const opposite = first === "ascending" ? "descending" : "ascending";
  const direction = order?.column === column && order.direction === first ? opposite : first;
  narrow({ sort: orderText({ column, direction }) });
};

/** Where a row does not say when it was judged, all of its place were at once. */
const judgedIn = ({ places }: FleetState): ((row: FleetRow) => string | undefined) => {
  const judged = new Map(
    places.map(({ account_id: account, region, judged_at: at }) => [account + region, at]),
  );
  return ({ account_id: account, region }) => judged.get(account + region);
};

const Targets = ({
  state,
  query,
}: {
  readonly state: FleetState;
  readonly query: URLSearchParams;
}): JSX.Element => {
  const [current, setCurrent] = useState<string>();
  const sort = query.get("sort");
  const filter = query.get("filter") ?? "";
  const named = query.get("group");
  const group: GroupName = isGroup(named) ? named : "all";
  const put = useOrder(state.rows, sort);
  const shown = useMemo(() => {
    const isWanted = matches(filter);
    return put.rows.filter((row) => groups[group].has(row) && isWanted(row));
  }, [put.rows, group, filter]);
  useEffect(() => spellAhead(put.rows, later), [put.rows]);
  const choice = useSelection(state.rows, current);
  useKeys([{ keys: ".", means: "Apply the order", run: put.apply }]);
  return (
    <section class="card" aria-label="Targets">
      <Tools
        rows={put.rows}
        group={group}
        filter={filter}
        sort={sort ?? ""}
        download={() => {
          download(shown);
        }}
      />
      <Selected choice={choice} />
      {isWide.value ? (
        <FleetGrid
          rows={shown}
          order={orderOf(sort)}
          sort={(column) => {
            sortBy(sort, column);
          }}
          judgedAt={judgedIn(state)}
          current={current}
          setCurrent={setCurrent}
          selected={choice.ids}
          toggle={choice.toggle}
        />
      ) : (
        <FleetCards rows={shown} selected={choice.ids} toggle={choice.toggle} />
      )}
      {shown.length === 0 && <None />}
      <Foot shown={shown.length} all={state.rows.size} put={put} />
    </section>
  );
};

const regionsOf = ({ places }: FleetState): readonly string[] =>
  [...new Set(places.map(({ region }) => region))].toSorted();

const countOf = (found: number, what: string): string =>
  `${count(found)} ${what}${found === 1 ? "" : "s"}`;

const Note = ({ state }: { readonly state: FleetState }): JSX.Element => {
  const accounts = new Set(state.places.map(({ account_id: id }) => id)).size;
  const swept = state.places
    .flatMap(({ judged_at: at }) => at ?? [])
    .toSorted()
    .at(-1);
  return (
    <>
      {countOf(state.totals.targets, "target")} in {countOf(accounts, "account")}.
      {swept !== undefined && (
        <>
          {" "}
          Last sweep <Time at={swept} />.
        </>
      )}
    </>
  );
};

export const Fleet = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const { value } = useReading(fleet);
  return (
    <Screen
      title="Fleet"
      note={value === undefined ? undefined : <Note state={value} />}
      actions={
        <a class="button" href="/accounts">
          Preflight an account
        </a>
      }
    >
      <ReadOf polled={fleet} rows={12}>
        {(state) =>
          state.rows.size === 0 ? (
            <Empty>
              No targets.{" "}
              <a class="link" href="/accounts">
                Preflight an account
              </a>
              , then choose.
            </Empty>
          ) : (
            <>
              <NeedsYou attention={state.attention} total={state.attention_total} />
              <Figures totals={state.totals} regions={regionsOf(state)} />
              <Targets state={state} query={query} />
            </>
          )
        }
      </ReadOf>
    </Screen>
  );
};
