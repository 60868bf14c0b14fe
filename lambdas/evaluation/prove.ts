/** Asks for each proof of the application that the policy names, as far as it can be asked at that stage. */
import { readAlarms } from "../../adapters/aws/cloudwatch.ts";
import { standingIn } from "../../adapters/aws/elb.ts";
import { probeHttp, probeTcp, type Probed } from "../../adapters/probe.ts";
import { getIntent, listIntents } from "../../adapters/store/intents.ts";
import { judgeAlarms, judgeGroupProof, proofAttempt } from "../../core/decide/switch/proof.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { ProofReading, ProofStage } from "../../core/model/proof.ts";
import type { TargetGroupFacts } from "../../core/model/target-group.ts";
import { nameOfProof, type Proof } from "../../core/policy/proof.ts";
import {
  runCommand,
  runDueCommand,
  type CommandStanding,
  type CommandWish,
} from "./run-command.ts";
import type { DueSession, EvaluationSession } from "./session.ts";

/** What is to be proved: what serves at that stage, or is to. */
export interface Proved {
  readonly stage: ProofStage;
  readonly instanceId: string;
  readonly targetGroups: readonly Pick<TargetGroupFacts, "arn" | "port">[];
  /** Of a replacement: since when it serves. ISO 8601 */
  readonly servesSince?: string;
  /** Tells the attempts on several machines of one stage apart. */
  readonly key?: string;
}

/** The clients of all proofs. */
export type ProofClients = "cloudWatch" | "elb" | "ssm";

/** `isOpen`: there is no answer yet; until then it does not hold. */
export type Asked = ProofReading & { readonly isOpen?: true };

type Answer = Probed & Pick<Asked, "isOpen">;

type ProofOf<Kind extends Proof["kind"]> = Extract<Proof, { readonly kind: Kind }>;

/** With its place in the policy, by which its attempts are told apart. */
interface Placed<Kind extends Proof["kind"]> {
  readonly proof: ProofOf<Kind>;
  readonly place: number;
}

type Machine = Pick<Proved, "stage" | "instanceId" | "key">;

type RunDocument = (wish: CommandWish) => Promise<CommandStanding>;

/** Do the load balancers find it healthy in each of its groups? Not so where there is none. */
export const proveInGroups = async <Mode extends PipelineMode>(
  session: DueSession<Mode, "elb">,
  { instanceId, targetGroups }: Pick<Proved, "instanceId" | "targetGroups">,
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

const byAlarms = async <Mode extends PipelineMode>(
  session: DueSession<Mode, "cloudWatch">,
  proof: ProofOf<"cloudwatch-alarms">,
  { stage, instanceId, servesSince }: Proved,
): Promise<Probed> => {
  const { cloudWatch } = await session.customer();
  return judgeAlarms(proof, await readAlarms(cloudWatch, proof.alarms), {
    now: session.context.now(),
    ...(stage === "before" ? { replaced: instanceId } : {}),
    ...(servesSince === undefined ? {} : { servesSince }),
  });
};

/** Longer than its owner allows, it is not a proof, whatever comes of it. */
const isOverdue = async <Mode extends PipelineMode>(
  { context, evaluation }: DueSession<Mode>,
  id: string,
  seconds: number,
): Promise<boolean> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, id);
  const since = intent?.actedAt ?? intent?.plannedAt;
  return since !== undefined && context.now().getTime() - Date.parse(since) > seconds * 1000;
};

const byDocument = async <Mode extends PipelineMode>(
  session: DueSession<Mode>,
  { proof, place }: Placed<"ssm-document">,
  { stage, instanceId, key, run }: Machine & { readonly run: RunDocument },
): Promise<Answer> => {
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const base = ["proof", stage, String(place), ...(key === undefined ? [] : [key])].join("-");
  const id = proofAttempt(base, intents, context.now());
  const { document, seconds } = proof;
  const standing = await run({ id, document, instanceId, seconds });
  const { kind, sentence } = standing;
  if (kind === "UNMANAGED" || kind === "FAILED") return { holds: false, sentence };
  if (kind === "SUCCEEDED") return { holds: true, sentence };
  // Says nothing of the application: another attempt is made.
  if (kind === "UNKNOWN") return { holds: false, sentence, isOpen: true };
  return (await isOverdue(session, id, seconds))
    ? { holds: false, sentence: `${sentence} It takes longer than ${String(seconds)} seconds.` }
    : { holds: false, sentence, isOpen: true };
};

const ask = <Mode extends PipelineMode>(
  session: DueSession<Mode, ProofClients>,
  { proof, place }: Placed<Proof["kind"]>,
  proved: Proved & { readonly run: RunDocument },
): Promise<Answer> => {
  const { context } = session;
  switch (proof.kind) {
    case "http":
      return probeHttp(context.fetch, proof);
    case "tcp":
      return probeTcp(context.connect, proof);
    case "target-groups":
      return proveInGroups(session, proved);
    case "cloudwatch-alarms":
      return byAlarms(session, proof, proved);
    case "ssm-document":
      return byDocument(session, { proof, place }, proved);
  }
};

const toReading = async <Mode extends PipelineMode>(
  { context }: DueSession<Mode>,
  proof: Proof,
  asked: { readonly stage: ProofStage; readonly answer: Promise<Answer> },
): Promise<Asked> => ({
  stage: asked.stage,
  name: nameOfProof(proof),
  ...(await asked.answer),
  at: context.now().toISOString(),
});

const askAll = <Mode extends PipelineMode>(
  session: DueSession<Mode, ProofClients>,
  proofs: readonly Proof[],
  proved: Proved & { readonly run: RunDocument },
): Promise<readonly Asked[]> =>
  Promise.all(
    proofs.map((proof, place) =>
      toReading(session, proof, {
        stage: proved.stage,
        answer: ask(session, { proof, place }, proved),
      }),
    ),
  );

/** Of who has the identity: each with its time; empty where the policy names none. */
export const readProofs = <Mode extends PipelineMode>(
  session: EvaluationSession<Mode, ProofClients>,
  proved: Proved,
): Promise<readonly Asked[]> =>
  askAll(session, session.evaluation.policy.proof, {
    ...proved,
    run: (wish) => runCommand(session, wish),
  });

/** Of who took over, long after the evaluation has ended. */
export const readProofsLater = <Mode extends PipelineMode>(
  session: DueSession<Mode, ProofClients>,
  proofs: readonly Proof[],
  proved: Proved,
): Promise<readonly Asked[]> =>
  askAll(session, proofs, { ...proved, run: (wish) => runDueCommand(session, wish) });

/** Of a replacement that has no identity yet: what is asked of the machine itself. */
export const readMachineProofs = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode, "ssm">,
  { stage, ...machine }: Machine,
): Promise<readonly Asked[]> =>
  Promise.all(
    session.evaluation.policy.proof.flatMap((proof, place) =>
      proof.kind === "ssm-document"
        ? [
            toReading(session, proof, {
              stage,
              answer: byDocument(
                session,
                { proof, place },
                { stage, ...machine, run: (wish) => runCommand(session, wish) },
              ),
            }),
          ]
        : [],
    ),
  );

const recorded = ({ isOpen: _, ...reading }: Asked): ProofReading => reading;

/** The last readings of a stage take the place of those before them. */
export const withProofs =
  (readings: readonly Asked[]) =>
  <Stored extends Evaluation>(record: Stored): Stored =>
    readings.length === 0
      ? record
      : {
          ...record,
          proofs: [
            ...(record.proofs ?? []).filter(({ stage }) => stage !== readings[0]?.stage),
            ...readings.map(recorded),
          ],
        };
