/** Folds what a sweep did in all places into one line. */
import * as z from "zod";
import type { Clock } from "../cloud/clock.ts";
import { counted } from "../terminal/figures.ts";
import type { Line } from "./line.ts";

const sweptSchema = z.object({
  kind: z.literal("SWEPT"),
  targets: z.int(),
  judged: z.int(),
  started: z.int(),
  unfinished: z.int(),
  failed: z.int(),
});
type Swept = z.infer<typeof sweptSchema>;

/** Places are swept within seconds of each other. */
const foldMs = 30_000;

const nothing = { targets: 0, judged: 0, started: 0, unfinished: 0, failed: 0 };

const sentenceOf = (sum: Omit<Swept, "kind">): string => {
  const { targets, judged, started, unfinished, failed } = sum;
  const rest = [
    ...(unfinished > 0 ? [`${String(unfinished)} waiting for a person`] : []),
    ...(failed > 0 ? [`${String(failed)} failed`] : []),
  ];
  return `${[`${String(judged)} of ${counted(targets, "target")} judged`, `${counted(started, "evaluation")} started`, ...rest].join(", ")}.`;
};

/** @returns to be told of each answer of the function that sweeps a place */
export const foldSweeps = (
  clock: Pick<Clock, "now" | "schedule">,
  tell: (line: Line) => void,
): ((answer: unknown) => void) => {
  let open: Omit<Swept, "kind"> | undefined;
  const close = (): void => {
    const sum = open ?? nothing;
    open = undefined;
    if (sum.targets === 0) return;
    tell({
      atMs: clock.now(),
      topic: "sweep",
      word: "Sweep",
      sentence: sentenceOf(sum),
      ...(sum.failed > 0 && { tone: "warning" }),
    });
  };
  return (answer) => {
    const { data: swept } = sweptSchema.safeParse(answer);
    if (swept === undefined) return;
    if (open === undefined) clock.schedule(clock.now() + foldMs, close);
    const sum = open ?? nothing;
    open = {
      targets: sum.targets + swept.targets,
      judged: sum.judged + swept.judged,
      started: sum.started + swept.started,
      unfinished: sum.unfinished + swept.unfinished,
      failed: sum.failed + swept.failed,
    };
  };
};
