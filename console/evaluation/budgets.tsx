/** Of nodes: who blocks? What holds pods on the node that is drained, and each budget over time, healthy against needed. */
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import type { Schemas } from "../api/types.ts";
import { Chart, type DrawChart } from "../charts/chart.tsx";
import { hatch } from "../charts/hatch.ts";
import { Legend } from "../charts/legend.tsx";
import { nowMs } from "../clock.ts";
import { count, none } from "../format.ts";
import { Table, type TableColumn } from "../ui/table.tsx";
import { Age, Time } from "../ui/time.tsx";
import {
  budgetSeries,
  budgetsSentence,
  drainedText,
  shortened,
  type BudgetSeries,
  type BudgetStep,
} from "./budgets.ts";
import { LeftOut } from "./left-out.tsx";
import { endMs, isOver, type EvaluationRecord } from "./story.ts";
import { timeAxis, timeAxisHeight } from "./time-axis.ts";
import type { Span } from "./time-line.ts";

type Blocker = Schemas["Blocker"];
interface Of {
  readonly record: EvaluationRecord;
}

const blockerColumns: readonly TableColumn<Blocker>[] = [
  {
    id: "pod",
    heading: "Pod, what holds it, and what helps",
    cell: ({ namespace, pod, sentence, is_lasting: isLasting }) => (
      <>
        <b>
          {namespace}/{pod}
        </b>
        <br />
        {isLasting === true && "Waiting does not help. "}
        {sentence}
      </>
    ),
  },
  {
    id: "budget",
    heading: "Budget",
    cell: ({ budget }) =>
      budget === undefined ? (
        none
      ) : (
        <span class="cut" title={budget}>
          {budget}
        </span>
      ),
  },
  { id: "since", heading: "For", align: "right", cell: ({ since }) => <Age since={since} /> },
];

const Blockers = ({ record: { blockers } }: Of): JSX.Element =>
  blockers.length === 0 ? (
    <p class="card-text muted">Nothing holds a pod just now.</p>
  ) : (
    <Table
      label="What holds pods"
      class="blockers"
      rows={blockers}
      columns={blockerColumns}
      keyOf={({ namespace, pod, code, budget = "" }) => `${namespace}/${pod} ${code} ${budget}`}
      sortParameter="blockers"
    />
  );

const columns: readonly TableColumn<BudgetStep>[] = [
  { id: "at", heading: "Since", cell: ({ at }) => <Time at={at} /> },
  {
    id: "name",
    heading: "Budget",
    cell: ({ name }) => (
      <span class="cut" title={name}>
        {name}
      </span>
    ),
  },
  { id: "healthy", heading: "Healthy", align: "right", cell: ({ healthy }) => count(healthy) },
  { id: "needed", heading: "Needed", align: "right", cell: ({ needed }) => count(needed) },
  {
    id: "allowed",
    heading: "Allows",
    align: "right",
    cell: ({ allowed }) => (allowed === 0 ? "none" : count(allowed)),
  },
];

/** Pixels, of one budget. */
const rowHeight = 84;
const heightOf = (series: readonly BudgetSeries[]): number =>
  series.length * rowHeight + timeAxisHeight;

const letterWidth = 7;

const curve = "step-after";
const from = (step: BudgetStep): Date => new Date(step.from);

const spanOf = (steps: readonly BudgetStep[]): Span => ({
  from: Math.min(...steps.map((step) => step.from)),
  to: Math.max(...steps.map((step) => step.to)),
});

const withEnd = ({ steps }: BudgetSeries): readonly BudgetStep[] => {
  const last = steps.at(-1);
  return last === undefined ? [] : [...steps, { ...last, from: last.to }];
};

const drawing =
  (series: readonly BudgetSeries[]): DrawChart =>
  (plot, width) => {
    const lines = series.flatMap(withEnd);
    const steps = series.flatMap((each) => each.steps);
    const most = Math.max(1, ...steps.flatMap(({ healthy, needed }) => [healthy, needed]));
    const none = hatch("var(--hold)");
    const line = { x: from, z: "name", fy: "name", curve } as const;
    const letters = Math.floor((width - 60) / letterWidth);
    return {
      height: heightOf(series),
      marginLeft: 40,
      marginBottom: timeAxisHeight,
      x: timeAxis(spanOf(steps), width),
      y: { domain: [0, most], label: "Pods", ticks: Math.min(most, 2), insetTop: 22 },
      fy: { domain: series.map(({ name }) => name), axis: null, padding: 0.12 },
      marks: [
        none.mark,
        plot.rect(
          steps.filter(({ allowed }) => allowed === 0),
          {
            ...{ x1: from, x2: ({ to }: BudgetStep) => new Date(to), y1: 0, y2: "needed" },
            ...{ fy: "name", fill: none.fill, fillOpacity: 0.45 },
          },
        ),
        plot.lineY(lines, { ...line, y: "needed", strokeWidth: 3, stroke: "var(--text)" }),
        plot.lineY(lines, { ...line, y: "healthy", strokeWidth: 1.5, stroke: "var(--run)" }),
        plot.text(series, {
          ...{ fy: "name", frameAnchor: "top-left", dx: 4, dy: 4, fill: "var(--text)" },
          text: ({ name }: BudgetSeries) => shortened(name, letters),
        }),
        plot.ruleY([0], { stroke: "var(--control)" }),
      ],
    };
  };

const Drawn = ({ record }: Of): JSX.Element => {
  // As it was when the record was read: a chart that is drawn anew each second is not looked at.
  const series = useMemo(
    () => budgetSeries(record.budgets, record.blockers, endMs(record, nowMs.peek())),
    [record],
  );
  const draw = useCallback(drawing(series), [series]);
  const sentence = budgetsSentence(series);
  return (
    <Chart
      title="Budgets over time"
      description={sentence}
      draw={draw}
      height={heightOf(series)}
      note={
        <>
          {sentence} <LeftOut record={record} />
        </>
      }
      legend={
        <Legend
          items={[
            { word: "Needed", color: "text", shape: "line" },
            { word: "Healthy", color: "run", shape: "line" },
            { word: "Allows no eviction", color: "hold", shape: "hatch" },
          ]}
        />
      }
      table={{
        rows: series.flatMap(({ steps }) => steps),
        columns,
        keyOf: ({ at, name }) => `${name} ${at}`,
      }}
    />
  );
};

export const Budgets = ({ record }: Of): JSX.Element => (
  <section class="card" aria-labelledby="blocks">
    <div class="card-head">
      <h2 id="blocks">Who blocks?</h2>
      <span class="muted">{drainedText(record) ?? "No drain has begun"}</span>
    </div>
    {!isOver(record) && <Blockers record={record} />}
    {record.budgets.length > 0 ? (
      <Drawn record={record} />
    ) : (
      <p class="empty">
        {isOver(record)
          ? "No budget of a pod was followed in this evaluation."
          : "No budget of a pod is followed yet."}
      </p>
    )}
  </section>
);
