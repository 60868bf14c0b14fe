/** Judges the subjects of a place that nobody has registered, each as it stands and as if what is missing were given. */
import { liftOf, type Supposed } from "../../../core/decide/fleet/preflight/consents.ts";
import { enrolledLook, enrolledReading } from "../../../core/decide/fleet/preflight/enrolled.ts";
import { preflightRow, rowOfFailure } from "../../../core/decide/fleet/preflight/row.ts";
import { subjectKey, supposedTarget } from "../../../core/decide/fleet/preflight/subject.ts";
import type { BulkJudgement } from "../../../core/decide/fleet/judge-in-place.ts";
import {
  subjectsInPlace,
  type SubjectInPlace,
} from "../../../core/decide/fleet/subjects-in-place.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { CloseLook } from "../../../core/model/close-look.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Missing, PreflightRow } from "../../../core/model/preflight.ts";
import type { Target } from "../../../core/model/target.ts";
import type { PolicyOverrides } from "../../../core/policy/policy.ts";
import { policyOf, type PlaceSession } from "../../fleet/place.ts";

/** What its owner would have to give besides, found by a look. */
export interface Given {
  readonly overrides: PolicyOverrides;
  readonly missing: readonly Missing[];
}

/** What could be a target, and as which it is registered, or would be. */
export interface Candidate {
  readonly subject: SubjectInPlace;
  readonly target: Target;
  readonly isRegistered: boolean;
  readonly given?: Given;
}

export const candidatesIn = (
  reading: PlaceReading,
  registered: readonly Target[],
): readonly Candidate[] => {
  const known = new Map(registered.map((target) => [subjectKey(target), target]));
  return subjectsInPlace(reading).map((subject) => {
    const supposed = supposedTarget(reading, subject);
    const target = known.get(subjectKey(supposed));
    return target === undefined
      ? { subject, target: supposed, isRegistered: false }
      : // What it would need if its owner ended shadow mode.
        { subject, target: { ...target, isShadowMode: false }, isRegistered: true };
  });
};

interface Settled {
  readonly judgement: BulkJudgement<PipelineMode>;
  readonly missing: readonly Missing[];
}

export class Judging {
  readonly #session: PlaceSession;
  /** Made once for all. */
  readonly #enrolled: PlaceReading;

  constructor(session: PlaceSession) {
    this.#session = session;
    this.#enrolled = enrolledReading(session.reading);
  }

  async #as(
    { target }: Candidate,
    { account, overrides, isEnrolled }: Supposed,
    look: CloseLook<PipelineMode> | undefined,
  ): Promise<BulkJudgement<PipelineMode>> {
    const supposed = { ...target, policyOverrides: overrides };
    const seen = look !== undefined && isEnrolled ? enrolledLook(look) : look;
    const reading = isEnrolled ? this.#enrolled : this.#session.reading;
    const { judgement } = await this.#session.judge(supposed, seen, { account, reading });
    return judgement;
  }

  /** Until nothing stands in the way that its owner can simply give; a reason that is given twice is not lifted by it. */
  async #settle(candidate: Candidate, look: CloseLook<PipelineMode> | undefined): Promise<Settled> {
    const { target, given } = candidate;
    let supposed: Supposed = {
      account: this.#session.account,
      overrides: { ...target.policyOverrides, ...given?.overrides },
      isEnrolled: false,
    };
    const missing: Missing[] = [...(given?.missing ?? [])];
    for (;;) {
      const judgement = await this.#as(candidate, supposed, look);
      if (judgement.kind === "NOT_JUDGED") return { judgement, missing: [] };
      const { verdict } = judgement;
      const lift = liftOf(verdict, supposed, target);
      const isGiven = missing.some(({ reason }) => reason === verdict.reason);
      if (lift === undefined || isGiven) return { judgement, missing };
      missing.push(...lift.missing);
      supposed = lift.supposed;
    }
  }

  /** What can't be judged of one subject is told of that one. */
  async row(candidate: Candidate, look?: CloseLook<PipelineMode>): Promise<PreflightRow> {
    try {
      const settled = await this.#settle(candidate, look);
      return preflightRow({ ...candidate, ...settled, policy: policyOf(candidate.target) });
    } catch (error) {
      if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
      return rowOfFailure(candidate, { error: error.name, cause: error.message });
    }
  }
}
