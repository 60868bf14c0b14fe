/** What was saved in a month: gross to net, month by month, and by target. All of it is realised but what shadow mode would have added. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { nowMs } from "../clock.ts";
import { count, duration, headlineUsd } from "../format.ts";
import type { Route } from "../route.ts";
import { savingsColumns } from "../savings/columns.tsx";
import { Months } from "../savings/months.tsx";
import { isMonth, monthAt, monthsUntil } from "../savings/steps.ts";
import { Waterfall } from "../savings/waterfall.tsx";
import { Choice } from "../ui/fields.tsx";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";

type Month = Schemas["SavingsOfMonth"];
type Total = Month["total"];

const fiveMinutesMs = 300_000;
const offeredMonths = 13;

/** By the API's clock. */
const thisMonth = computed(() => monthAt(nowMs.value));

const Shadow = ({ total: { shadow } }: { readonly total: Total }): JSX.Element => {
  const saved = shadow?.proven.saved_usd;
  return (
    <div>
      <dt>Shadow would have added, estimated</dt>
      <dd class="shadow">
        {headlineUsd(saved?.likely)}{" "}
        <small>
          {saved !== undefined && `${headlineUsd(saved.low)} to ${headlineUsd(saved.high)}`}
        </small>
      </dd>
    </div>
  );
};

const Figures = ({ total }: { readonly total: Total }): JSX.Element => (
  <dl class="card figures">
    <div>
      <dt>Net saved, realised</dt>
      <dd>
        <a href="#by-target">
          {headlineUsd(total.net_usd.low)}{" "}
          <small>{total.net_usd.is_range && `to ${headlineUsd(total.net_usd.high)}`}</small>
        </a>
      </dd>
    </div>
    <div>
      <dt>Gross, without what it cost to get there</dt>
      <dd>
        <a href="#by-target">{headlineUsd(total.gross_usd)}</a>
      </dd>
    </div>
    <Shadow total={total} />
    <div>
      <dt>Downtime</dt>
      <dd>
        {duration(total.downtime_seconds * 1000)}{" "}
        <small>of {count(Math.round(total.wanted_hours))} h wanted</small>
      </dd>
    </div>
  </dl>
);

const None = ({ month }: { readonly month: string }): JSX.Element => (
  <Empty>
    Nothing of {month} is in the ledger. It begins with the first day after a target is switched, or
    judged in shadow mode:{" "}
    <a class="link" href="/">
      the fleet
    </a>
    .
  </Empty>
);

const queryOf = (query: URLSearchParams, month: string): string => {
  const asked = new URLSearchParams({ month, shadow: "true", limit: "100" });
  for (const name of ["account_id", "target_id", "cursor"]) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked.toString();
};

const Read = ({ value }: { readonly value: Month }): JSX.Element =>
  value.total.targets === 0 ? (
    <section class="card" aria-label="Savings">
      <None month={value.month} />
    </section>
  ) : (
    <>
      <Figures total={value.total} />
      <section class="card" aria-label="From gross to net">
        <Waterfall sums={value.total} />
      </section>
      <section class="card" aria-label="By target" id="by-target">
        <Rows
          label="Table of savings by target"
          rows={value.items}
          columns={savingsColumns}
          keyOf={({ account_id: account, target_id: id }) => `${account} ${id}`}
          firstOrder="-net"
        />
        <PageFoot shown={value.items.length} cursor={value.cursor}>
          <span>
            {count(value.total.targets)} {value.total.targets === 1 ? "target" : "targets"} add up
            to the figures above.
          </span>
        </PageFoot>
      </section>
    </>
  );

export const Savings = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const current = thisMonth.value;
  const named = query.get("month");
  const month = isMonth(named) ? named : current;
  const asked = queryOf(query, month);
  const polled = useMemo(() => pollWhole<Month>(`/savings?${asked}`, () => fiveMinutesMs), [asked]);
  const offered = [...new Set([...monthsUntil(current, offeredMonths), month])].toSorted();
  return (
    <Screen
      title="Savings"
      note={`What was saved in ${month}, by UTC, in US dollars.`}
      actions={
        <Choice
          label="Month"
          parameter="month"
          value={month}
          options={offered.toReversed().map((each) => [each, each])}
        />
      }
    >
      <ReadOf polled={polled} key={asked}>
        {(value) => <Read value={value} />}
      </ReadOf>
      <section class="card" aria-label="Month by month">
        <Months month={month} />
      </section>
    </Screen>
  );
};
