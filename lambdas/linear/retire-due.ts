/** What the janitor does with an original of LINEAR whose cool-off lasts, or is over. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { judgeUseOfOriginal } from "../../core/decide/linear/retirement.ts";
import type { StoredFacts } from "../../core/model/evaluation.ts";
import { retirementDuty, type RetirementOf } from "../evaluation/retirement-duty.ts";
import { doubtAbout, successorOf } from "./successor.ts";

const whyKept: RetirementOf["whyKept"] = async ({ context, evaluation }, use) => {
  // What is stored of an evaluation is of its mode.
  const facts = (await loadSubjectFacts(context.table, evaluation.evaluationId)) as
    StoredFacts<"LINEAR"> | undefined;
  return judgeUseOfOriginal({ ...use, before: facts?.instance });
};

export const retireOriginal = retirementDuty({ successorOf, whyKept, doubtAbout });
