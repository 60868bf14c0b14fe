/** Asks for each proof of the application that the policy names. */
import { standingIn } from "../../adapters/aws/elb.ts";
import { probeHttp, probeTcp, type Probed } from "../../adapters/probe.ts";
import { judgeGroupProof } from "../../core/decide/switch/proof.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { ProofReading, ProofStage } from "../../core/model/proof.ts";
import type { TargetGroupFacts } from "../../core/model/target-group.ts";
import { nameOfProof, type Proof } from "../../core/policy/proof.ts";
import type { EvaluationSession } from "./session.ts";

/** What is to be proved: what serves at that stage. */
export interface Proved {
  readonly stage: ProofStage;
  readonly instanceId: string;
  readonly targetGroups: readonly Pick<TargetGroupFacts, "arn" | "port">[];
}

type ProofSession<Mode extends PipelineMode> = EvaluationSession<Mode, "elb">;

const inGroups = async <Mode extends PipelineMode>(
  session: ProofSession<Mode>,
  { instanceId, targetGroups }: Proved,
): Promise<Probed> => {
  const { elb } = await session.customer();
  const standings = await Promise.all(
    targetGroups.map(async ({ arn, port }) => ({
      arn,
      standing: await standingIn(elb, { arn, port, instanceId }),
    })),
  );
  return judgeGroupProof(standings);
};

const ask = <Mode extends PipelineMode>(
  session: ProofSession<Mode>,
  proof: Proof,
  proved: Proved,
): Promise<Probed> => {
  const { context } = session;
  switch (proof.kind) {
    case "http":
      return probeHttp(context.fetch, proof);
    case "tcp":
      return probeTcp(context.connect, proof);
    case "target-groups":
      return inGroups(session, proved);
  }
};

/** Each with its time; empty where the policy names none. */
export const readProofs = <Mode extends PipelineMode>(
  session: ProofSession<Mode>,
  proved: Proved,
): Promise<readonly ProofReading[]> =>
  Promise.all(
    session.evaluation.policy.proof.map(async (proof) => ({
      stage: proved.stage,
      name: nameOfProof(proof),
      ...(await ask(session, proof, proved)),
      at: session.context.now().toISOString(),
    })),
  );

/** The last readings of a stage take the place of those before them. */
export const withProofs =
  (readings: readonly ProofReading[]) =>
  <Stored extends Evaluation>(record: Stored): Stored =>
    readings.length === 0
      ? record
      : {
          ...record,
          proofs: [
            ...(record.proofs ?? []).filter(({ stage }) => stage !== readings[0]?.stage),
            ...readings,
          ],
        };
