/** Spot pools of a region: how likely each is to be lost, what they took back, and which everybody is kept out of. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import { health } from "../api/shared.ts";
import type { Schemas } from "../api/types.ts";
import { count, monthlyUsd, none } from "../format.ts";
import { narrow, type Route } from "../route.ts";
import { RiskActions, RiskAsk } from "../risk/asks.tsx";
import { RiskGrid } from "../risk/grid.tsx";
import { Losses } from "../risk/losses.tsx";
import { matchesPool, poolName, riskOf, riskText, type RiskPool } from "../risk/pools.ts";
import { ReadOnly } from "../ui/action.tsx";
import { Choice } from "../ui/fields.tsx";
import { Notice } from "../ui/notice.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen, useReading } from "../ui/screen.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

type Page = Schemas["RiskPoolPage"];

const everyMs = 60_000;
/** All of a large region. */
const limit = "2000";
/** Of the list below; the grid has them all. */
const mostRows = 200;

const accounts = pollWhole<Schemas["AccountPage"]>("/accounts?limit=100", () => everyMs);

/** Where accounts are, and where the stack is. */
const useRegions = (named: string | null): readonly string[] => {
  const own = useReading(health).value?.region;
  const theirs = useReading(accounts).value?.items.flatMap(({ regions }) => regions) ?? [];
  return [...new Set([...theirs, ...[own, named].flatMap((region) => region ?? [])])].toSorted();
};

const rememberedColumns: readonly TableColumn<RiskPool>[] = [
  {
    id: "pool",
    heading: "Pool",
    cell: (pool) => (
      <span title={pool.pool_id}>
        {poolName(pool)}
        <br />
        <span class="muted">{pool.pool.product}</span>
      </span>
    ),
    sortKey: poolName,
  },
  {
    id: "risk",
    heading: "Risk",
    align: "right",
    cell: riskText,
    sortKey: (pool) => riskOf(pool) ?? null,
    firstDirection: "descending",
  },
  {
    id: "losses",
    heading: "Losses, 7 d",
    align: "right",
    cell: ({ losses }) => count(losses),
    sortKey: ({ losses }) => losses,
    firstDirection: "descending",
  },
  {
    id: "lab",
    heading: "Of LAB",
    align: "right",
    cell: ({ lab_losses: losses }) => count(losses),
    sortKey: ({ lab_losses: losses }) => losses,
    firstDirection: "descending",
  },
  {
    id: "last",
    heading: "Last loss",
    cell: ({ last_loss_at: at }) => (at === undefined ? none : <Time at={at} />),
    sortKey: ({ last_loss_at: at }) => at ?? null,
    firstDirection: "descending",
  },
];

const quarantineColumns: readonly TableColumn<RiskPool>[] = [
  {
    id: "until",
    heading: "Quarantine until",
    cell: ({ quarantine }) => (quarantine === undefined ? none : <Time at={quarantine.until} />),
    sortKey: ({ quarantine }) => quarantine?.until ?? null,
  },
  {
    id: "why",
    heading: "Why",
    cell: ({ quarantine }) =>
      quarantine === undefined ? (
        none
      ) : (
        <span class="cut" title={`${quarantine.reason} (${quarantine.set_by})`}>
          {quarantine.reason}
        </span>
      ),
  },
  {
    id: "given-up",
    heading: "Gives up, $/month",
    align: "right",
    cell: ({ given_up: lost }) => monthlyUsd(lost?.monthly_usd),
    sortKey: ({ given_up: lost }) => lost?.monthly_usd ?? null,
    firstDirection: "descending",
  },
];

const columnsOf = (ask: (pool: RiskPool) => void): readonly TableColumn<RiskPool>[] => [
  ...rememberedColumns,
  ...quarantineColumns,
  {
    id: "actions",
    heading: "Decide",
    cell: (pool) => <RiskActions pool={pool} ask={ask} />,
  },
];

const Filter = ({ filter }: { readonly filter: string }): JSX.Element => (
  <label class="field inline">
    Filter
    <input
      type="search"
      value={filter}
      placeholder="Zone, family, type"
      onInput={(event) => {
        narrow({ filter: event.currentTarget.value });
      }}
    />
  </label>
);

interface ShownProps {
  readonly pools: readonly RiskPool[];
  readonly columns: readonly TableColumn<RiskPool>[];
}

/** Where the list is cut none of these is left out. */
const quarantinedFirst = (pools: readonly RiskPool[]): readonly RiskPool[] =>
  pools.toSorted(
    (one, other) =>
      Number(other.quarantine !== undefined) - Number(one.quarantine !== undefined) ||
      other.losses - one.losses,
  );

const Shown = ({ pools, columns }: ShownProps): JSX.Element => (
  <>
    <section class="card" aria-label="Risk by zone and type">
      <RiskGrid pools={pools} />
    </section>
    <section class="card" aria-label="Losses by day">
      <Losses pools={pools} />
    </section>
    <section class="card" aria-label="Pools">
      <Rows
        label="Table of pools"
        rows={quarantinedFirst(pools).slice(0, mostRows)}
        columns={columns}
        keyOf={({ pool_id: id }) => id}
        firstOrder="until"
      />
      <div class="foot">
        <span>
          {count(Math.min(mostRows, pools.length))} of {count(pools.length)} pools
        </span>
      </div>
    </section>
  </>
);

const Read = ({
  page,
  filter,
  columns,
}: { page: Page; filter: string } & Pick<ShownProps, "columns">): JSX.Element => {
  const pools = useMemo(() => page.items.filter(matchesPool(filter)), [page, filter]);
  if (pools.length > 0) return <Shown pools={pools} columns={columns} />;
  return (
    <section class="card" aria-label="Pools">
      <Empty>
        {page.items.length === 0
          ? "Nothing is remembered of this region: no pool has taken an instance back or refused one within a week, and none is in quarantine."
          : "No pool is like that."}
      </Empty>
    </section>
  );
};

export const Risk = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const named = query.get("region");
  const regions = useRegions(named);
  const own = useReading(health).value?.region;
  const region = named ?? own;
  const filter = query.get("filter") ?? "";
  const polled = useMemo(
    () =>
      region === undefined
        ? undefined
        : pollWhole<Page>(
            `/risk/pools?${new URLSearchParams({ region, limit }).toString()}`,
            () => everyMs,
          ),
    [region],
  );
  const [said, setSaid] = useState<string>();
  const [asking, setAsking] = useState<RiskPool>();
  const columns = useMemo(() => columnsOf(setAsking), []);
  return (
    <Screen
      title="Risk"
      note="Pools that took an instance back or refused one within a week, or are in quarantine."
      actions={
        <>
          <Filter filter={filter} />
          <Choice
            label="Region"
            parameter="region"
            value={region ?? ""}
            options={regions.map((each) => [each, each])}
          />
        </>
      }
    >
      <ReadOnly />
      {said !== undefined && <Notice tone="idle">{said}</Notice>}
      {polled === undefined ? (
        <ReadOf polled={health}>{() => null}</ReadOf>
      ) : (
        <ReadOf polled={polled} key={region}>
          {(page) => <Read page={page} filter={filter} columns={columns} />}
        </ReadOf>
      )}
      <RiskAsk
        asked={asking}
        close={() => {
          setAsking(undefined);
        }}
        done={(sentence) => {
          setSaid(sentence);
          polled?.refresh();
        }}
      />
    </Screen>
  );
};
