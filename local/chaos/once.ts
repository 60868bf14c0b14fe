/** One evaluation, to its end; where that needs a person, the person follows the runbook, and all is judged then. */
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Ending, Lab } from "../lab/contract.ts";
import { complaintsAbout } from "../lab/judge.ts";
import { keepOperator } from "../lab/operator.ts";
import { hourMs } from "../lab/schedules.ts";
import type { Course } from "./course.ts";
import { nothingRuns } from "./person.ts";
import type { Scene } from "./disturbance.ts";

const mostVisits = 8;

const isOpen = ({ status }: Ending): boolean => status === "NEEDS_OPERATOR" || status === "RUNNING";

/** What stood in the way is settled: nobody would decide before. */
const settleTheCause = async (lab: Lab): Promise<void> => {
  await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The runbook says so." });
};

/** @returns how it is then, and what was said where no way was open */
const letPersonDecide = async (
  { lab }: Scene,
  id: EvaluationId,
): Promise<{ readonly ending: Ending; readonly said: readonly string[] }> => {
  await settleTheCause(lab);
  const operator = keepOperator(lab.account, 60);
  let ending = await lab.finish(id);
  for (let visits = 0; visits < mostVisits && isOpen(ending); visits += 1) {
    await lab.clock.run({ atMostMs: lab.clock.now() + hourMs });
    ending = await lab.finish(id);
  }
  operator.stop();
  const last = operator.decisions.at(-1);
  return { ending, said: last?.taken === undefined ? (last?.sentences ?? []) : [] };
};

export const runOnce: Course = {
  sentence: "one evaluation",
  options: {},
  run: async (scene, begin) => {
    const { lab } = scene;
    const { body } = await lab.evaluate();
    begin();
    const id = evaluationIdSchema.parse(body["evaluation_id"]);
    const first = await lab.finish(id);
    if (!isOpen(first)) {
      return { status: first.status, complaints: await complaintsAbout(lab, first) };
    }
    const { ending, said } = await letPersonDecide(scene, id);
    const status = `${first.status}, then ${ending.status}`;
    if (isOpen(ending)) {
      const complaints = nothingRuns(lab)
        ? lab.watch.broken
        : [...lab.watch.broken, `no way was open to a person: ${said.join(" ")}`];
      return { status, complaints };
    }
    return { status, complaints: await complaintsAbout(lab, ending) };
  },
};
