/** Of a group: is its capacity kept? Who serves over time, on Spot and On-Demand, under what is asked for. */
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { Chart, type DrawChart } from "../charts/chart.tsx";
import { hatch } from "../charts/hatch.ts";
import { Legend, type LegendItem } from "../charts/legend.tsx";
import { nowMs } from "../clock.ts";
import { count, none } from "../format.ts";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { capacitySentence, capacitySteps, type CapacityStep } from "./capacity.ts";
import { endMs, isOver, type EvaluationRecord } from "./story.ts";
import { LeftOut } from "./left-out.tsx";
import { timeAxis, timeAxisHeight } from "./time-axis.ts";
import type { Span } from "./time-line.ts";

const height = 260;

const columns: readonly TableColumn<CapacityStep>[] = [
  { id: "at", heading: "Since", cell: ({ at }) => <Time at={at} /> },
  { id: "asked", heading: "Asked for", align: "right", cell: ({ asked }) => count(asked) },
  { id: "desired", heading: "Desired", align: "right", cell: ({ desired }) => count(desired) },
  { id: "in", heading: "In service", align: "right", cell: ({ inService }) => count(inService) },
  {
    id: "serving",
    heading: "Serving",
    align: "right",
    cell: ({ spot, onDemand, isInferred }) =>
      `${isInferred ? "at most " : ""}${count(spot + onDemand)}`,
  },
  { id: "spot", heading: "On Spot", align: "right", cell: ({ spot }) => count(spot) },
  {
    id: "lacking",
    heading: "Too few",
    align: "right",
    cell: ({ lacking, lackingByUs }) => {
      if (lacking === 0) return none;
      return lackingByUs === 0 ? count(lacking) : `${count(lacking)}, ${count(lackingByUs)} by us`;
    },
  },
];

/** The last look holds until the end. */
const withEnd = (steps: readonly CapacityStep[]): readonly CapacityStep[] => {
  const last = steps.at(-1);
  return last === undefined ? [] : [...steps, { ...last, from: last.to }];
};

const spanOf = (steps: readonly CapacityStep[]): Span => ({
  from: steps[0]?.from ?? 0,
  to: steps.at(-1)?.to ?? 0,
});

const from = (step: CapacityStep): Date => new Date(step.from);
const curve = "step-after";

const drawing =
  (steps: readonly CapacityStep[]): DrawChart =>
  (plot, width) => {
    const line = withEnd(steps);
    const notOurs = hatch("var(--on-demand)");
    const ours = hatch("var(--bad)");
    const most = Math.max(...steps.flatMap((s) => [s.asked, s.desired, s.spot + s.onDemand]));
    const short = steps.filter(({ lacking }) => lacking > 0);
    const gap = (step: CapacityStep) => step.asked - step.lackingByUs;
    const times = { x1: from, x2: ({ to }: CapacityStep) => new Date(to) };
    return {
      height,
      marginLeft: 40,
      marginBottom: timeAxisHeight,
      x: timeAxis(spanOf(steps), width),
      y: { domain: [0, most + 1], label: "Instances", grid: true, ticks: Math.min(most + 1, 4) },
      marks: [
        notOurs.mark,
        ours.mark,
        plot.areaY(line, { x: from, y: "spot", curve, fill: "var(--spot)", fillOpacity: 0.75 }),
        plot.areaY(line, {
          x: from,
          y1: "spot",
          y2: (step: CapacityStep) => step.spot + step.onDemand,
          curve,
          fill: "var(--on-demand)",
          fillOpacity: 0.75,
        }),
        plot.rect(short, {
          ...times,
          y1: (step: CapacityStep) => step.asked - step.lacking,
          y2: gap,
          fill: notOurs.fill,
          stroke: "var(--on-demand)",
        }),
        plot.rect(
          short.filter(({ lackingByUs }) => lackingByUs > 0),
          { ...times, y1: gap, y2: "asked", fill: ours.fill, stroke: "var(--bad)" },
        ),
        plot.lineY(line, {
          ...{ x: from, y: "desired", curve, strokeWidth: 1.5, strokeDasharray: "4 3" },
          stroke: "var(--text)",
        }),
        plot.lineY(line, { x: from, y: "asked", curve, strokeWidth: 3, stroke: "var(--text)" }),
        plot.ruleY([0], { stroke: "var(--control)" }),
      ],
    };
  };

const legendOf = (steps: readonly CapacityStep[]): readonly LegendItem[] => [
  { word: "Asked for", color: "text", shape: "line" },
  { word: "Desired, with our surplus", color: "text", shape: "outline" },
  { word: "Serving on Spot", color: "spot", shape: "area" },
  { word: "Serving On-Demand", color: "on-demand", shape: "area" },
  ...(steps.some(({ lacking, lackingByUs }) => lacking > lackingByUs)
    ? [{ word: "Too few, not by us", color: "on-demand", shape: "hatch" } as const]
    : []),
  ...(steps.some(({ lackingByUs }) => lackingByUs > 0)
    ? [{ word: "Too few, by us", color: "bad", shape: "hatch" } as const]
    : []),
];

const Drawn = ({ record }: { readonly record: EvaluationRecord }): JSX.Element => {
  // As it was when the record was read: a chart that is drawn anew each second is not looked at.
  const steps = useMemo(
    () =>
      capacitySteps(
        record.capacity,
        endMs(record, nowMs.peek()),
        record.kind === "FALL_BACK" ? "SPOT" : "ON_DEMAND",
      ),
    [record],
  );
  const draw = useCallback(drawing(steps), [steps]);
  const sentence = capacitySentence(steps);
  return (
    <Chart
      title="Is its capacity kept?"
      description={sentence}
      draw={draw}
      height={height}
      note={
        <>
          {sentence} <LeftOut record={record} />
        </>
      }
      legend={<Legend items={legendOf(steps)} />}
      table={{ rows: steps, columns, keyOf: ({ at }) => at }}
    />
  );
};

export const Capacity = ({ record }: { readonly record: EvaluationRecord }): JSX.Element => (
  <section class="card" aria-label="Capacity">
    {record.capacity.length > 0 ? (
      <Drawn record={record} />
    ) : (
      <p class="empty">
        {isOver(record)
          ? "No look at the group’s capacity was kept of this evaluation."
          : "No step has looked at the group’s capacity yet."}
      </p>
    )}
  </section>
);
