/** What recorded traces took from single instances, and what became of these, as a table. */
import { percent, seconds } from "../../terminal/figures.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { verdict, whole } from "../verdict.ts";
import { holdsOnTrace, type TracedInterruptions } from "./traced.ts";

const after = (value: number): string => (Number.isFinite(value) ? seconds(value) : "never");
const share = (value: number): string => (Number.isNaN(value) ? "" : percent(value));

export const tracedReport = (traced: readonly TracedInterruptions[]): string =>
  [
    "Single instances without data whose zones hold what a trace recorded, tick by tick; after each loss sweeps bring them back to Spot:",
    "",
    ...table(traced, [
      { heading: "trace", cell: ({ name }) => name },
      figureColumn("instances", ({ sites }) => whole(sites)),
      figureColumn("hours", ({ hours }) => whole(hours)),
      figureColumn("interruptions", ({ interruptions }) => whole(interruptions)),
      figureColumn("serves after p50", ({ served }) => after(served.p50)),
      figureColumn("p95", ({ served }) => after(served.p95)),
      figureColumn("p99", ({ served }) => after(served.p99)),
      figureColumn("before the end", ({ beforeEnd }) => share(beforeEnd)),
      figureColumn("by Spot", ({ onSpotAgain }) => share(onSpotAgain)),
      figureColumn("available", ({ available }) => `${(available * 100).toFixed(3)} %`),
      figureColumn("on Spot", ({ onSpot }) => percent(onSpot)),
      figureColumn("events lost", ({ eventsLost }) => whole(eventsLost)),
      figureColumn("unserved", ({ unserved }) => whole(unserved)),
      figureColumn("", (each) => verdict(holdsOnTrace(each))),
      figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
    ]),
  ].join("\n");
