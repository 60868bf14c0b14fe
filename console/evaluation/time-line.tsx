/** Handover and steps on one axis: who served, which step ran when, and how long nobody served. */
import type { JSX } from "preact";
import { clockTime } from "../clock.ts";
import { duration, none } from "../format.ts";
import { narrow, route } from "../route.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { handover } from "./handover.ts";
import { nodesOf } from "./nodes.ts";
import { seenMs } from "./seen.ts";
import { downtimeOf, endMs, isOver, type EvaluationRecord } from "./story.ts";
import {
  placeOn,
  roundShown,
  roundsOf,
  ticksOf,
  timeLine,
  type Span,
  type TimeLineRow,
} from "./time-line.ts";

const barOf = (axis: Span, span: Span): { readonly left: string; readonly width: string } => {
  const { left, width } = placeOn(axis, span);
  return { left: `${String(left)}%`, width: `${String(width)}%` };
};

const icons: Readonly<Record<TimeLineRow["state"], IconName>> = {
  DONE: "done",
  RUNNING: "running",
  AHEAD: "dots",
};
const said: Readonly<Record<TimeLineRow["state"], string>> = {
  DONE: "done",
  RUNNING: "running",
  AHEAD: "ahead",
};

const Axis = ({ axis }: { readonly axis: Span }): JSX.Element => (
  <div class="line axis" aria-hidden="true">
    <div class="line-name" />
    <div class="line-bars">
      {ticksOf(axis).map((tick) => (
        <span
          key={tick}
          style={{ left: `${String(placeOn(axis, { from: tick, to: tick }).left)}%` }}
        >
          {clockTime(new Date(tick).toISOString())}
        </span>
      ))}
    </div>
    <div class="line-took" />
  </div>
);

const Handover = ({ record, axis }: { readonly record: EvaluationRecord; readonly axis: Span }) => (
  <>
    {handover(record, { from: axis.from, to: seenMs(record) }).map(({ name, detail, bars }) => (
      <div class="line handover" key={name}>
        <div class="line-name">
          <b>{name}</b> <span class="muted">{detail}</span>
        </div>
        <div class="line-bars">
          {bars.map(({ kind, text, from, to }) => (
            <span
              key={`${kind}${String(from)}`}
              class={`bar ${kind.toLowerCase()}`}
              style={barOf(axis, { from, to })}
              title={`${text}, ${duration(to - from)}`}
            >
              {text}
              {kind === "DOWN" && `, ${duration(to - from)}`}
            </span>
          ))}
        </div>
        <div class="line-took" />
      </div>
    ))}
  </>
);

/** How long it has taken, or usually takes. */
const tookOf = ({ lane, span, expected }: TimeLineRow): string => {
  if (span !== undefined) return duration(span.to - span.from);
  if (lane === "ROLL_BACK") return "on failure";
  if (expected !== undefined) return `about ${duration(expected.to - expected.from)}`;
  return lane === "DETOUR" ? "if needed" : none;
};

const Step = ({ row, axis }: { readonly row: TimeLineRow; readonly axis: Span }): JSX.Element => {
  const { name, stage, lane, state, span, expected, summary } = row;
  return (
    <>
      {stage !== undefined && <h3 class="line-stage">{stage}</h3>}
      <div
        class={`line step ${state.toLowerCase()}`}

        aria-current={state === "RUNNING" ? "step" : undefined}
        title={summary}
      >
        <div class={`line-name lane-${lane.toLowerCase().replace("_", "-")}`}>
          <Icon name={icons[state]} />
          <span>
            {name}
            <span class="unseen">, {said[state]}</span>
          </span>
        </div>
        <div class="line-bars">
          {span !== undefined && <span class="bar" style={barOf(axis, span)} />}
          {expected !== undefined && <span class="bar expected" style={barOf(axis, expected)} />}
        </div>
        <div class="line-took">{tookOf(row)}</div>
      </div>
    </>
  );
};

const Rounds = ({
  rounds,
  round,
}: {
  readonly rounds: readonly number[];
  readonly round: number;
}) => (
  <label class="field inline">
    Batch
    <select
      value={String(round)}
      onChange={(event) => {
        narrow({ batch: event.currentTarget.value });
      }}
    >
      {rounds.map((each) => (
        <option key={each} value={String(each)}>
          {String(each)} of {String(rounds.at(-1) ?? each)}
        </option>
      ))}
    </select>
  </label>
);

const Legend = ({ isRunning }: { readonly isRunning: boolean }): JSX.Element => (
  <p class="legend">
    <span>
      <i class="key serves" aria-hidden="true" />
      serves
    </span>
    <span>
      <i class="key runs" aria-hidden="true" />
      runs, does not serve yet
    </span>
    <span>
      <i class="key down" aria-hidden="true" />
      downtime
    </span>
    {isRunning && (
      <span>
        <i class="key expected" aria-hidden="true" />
        usually takes so long
      </span>
    )}
  </p>
);

const axisOf = (record: EvaluationRecord, now: number, rows: readonly TimeLineRow[]): Span => {
  const from = Date.parse(record.started_at);
  const expected = rows.flatMap(({ expected: span }) => span?.to ?? []);
  const to = Math.max(endMs(record, now), from + 1000, ...expected);
  // Room behind what runs.
  return isOver(record) ? { from, to } : { from, to: to + (to - from) / 20 };
};

export const TimeLine = ({ record }: { readonly record: EvaluationRecord }): JSX.Element => {
  const now = seenMs(record);
  const rounds = roundsOf(record.phases);
  const asked = Number(route.value?.query.get("batch") ?? NaN);
  const round = rounds.includes(asked) ? asked : roundShown(record.phases);
  const rows = timeLine({
    nodes: nodesOf(record.mode),
    phases: record.phases,
    round,
    expected: record.expected_phases,
    isOver: isOver(record),
    nowMs: now,
  });
  const axis = axisOf(record, now, rows);
  const down = downtimeOf(record, now);
  return (
    <section class="card time-line" aria-labelledby="time-line">
      <div class="card-head">
        <h2 id="time-line">How it goes</h2>
        {rounds.length > 1 && round !== undefined && <Rounds rounds={rounds} round={round} />}
        {record.mode === "LINEAR" && <Legend isRunning={!isOver(record)} />}
      </div>
      <div class="lines" tabIndex={0} role="region" aria-label="Handover and steps">
        <Axis axis={axis} />
        <Handover record={record} axis={axis} />
        <div class="line-area">
          {down !== undefined && (
            <div class="line down-area" aria-hidden="true">
              <div class="line-name" />
              <div class="line-bars">
                <span style={barOf(axis, down)} />
              </div>
              <div class="line-took" />
            </div>
          )}
          {rows.map((row) => (
            <Step key={row.name} row={row} axis={axis} />
          ))}
        </div>
      </div>
    </section>
  );
};
