/** What walks have in common: their stage, what goes wrong on it, and how they end. */
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import { isDryRun } from "../../local/cloud/journal.ts";
import { createRandom } from "../../local/cloud/random.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import type { CallRecorder } from "../../local/platform/call-recorder.ts";

export const region = "us-east-1";
export const hourMs = 3_600_000;

export interface Walk {
  readonly stage: LabAccount;
  readonly recorder: CallRecorder;
}

export interface PathWalked {
  readonly name: string;
  readonly ends: EvaluationStatus;
  readonly ended: string;
  readonly sentence: string;
}

/** The customer's role has no permission for the call when that function makes it. */
export const denied =
  (by: FunctionName, operation: string) =>
  ({ stage, recorder }: Walk): (() => void) =>
    stage.platform.cloud.faults.before((call) => {
      if (recorder.running() !== by || call.operation !== operation) return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });

/** As the owner of the account does. */
export const asOwner = async (
  { platform, accountId }: LabAccount,
  operation: string,
  input: unknown,
  service: "ec2" | "autoscaling" = "ec2",
): Promise<unknown> => {
  const { identities } = platform.cloud;
  const { accessKeyId } = identities.addUser({ accountId, name: `owner-of-${operation}` });
  return platform.cloud.call({ service, operation, region, accessKeyId, input });
};

/** Right before that function runs. */
export const before = (
  { stage }: Walk,
  act: (name: string, evaluationId: EvaluationId) => Promise<void>,
): (() => void) => {
  const { functions } = stage.platform;
  const invoke = functions.invoke.bind(functions);
  functions.invoke = async (name, payload) => {
    const { evaluationId } = payload as { readonly evaluationId?: string };
    if (evaluationId !== undefined) await act(name, evaluationIdSchema.parse(evaluationId));
    return invoke(name, payload);
  };
  return () => {
    functions.invoke = invoke;
  };
};

/** Does not compress: 700 KB of gzip, two items of the table. */
export const bulk = createRandom(1).hex(1_400_000);

/** Some paths end in a roll-back with a downtime, which would keep the next from being made. */
export const letSwitchesBegin = async ({ api, accountId }: LabAccount): Promise<void> => {
  const body = { halted: false, reason: "The next path" };
  await api.send({ method: "PUT", path: `/accounts/${accountId}/switching`, body });
};

/** EC2 takes the first replacement back before the answer to its launch, which does not arrive: the launch is asked for again. */
export const lostUnanswered =
  (by: FunctionName) =>
  ({ stage, recorder }: Walk): (() => void) => {
    const { clock, platform } = stage;
    const { cloud, ec2 } = platform;
    let isLost = false;
    return cloud.faults.after(({ operation, input }, output) => {
      const isTried = isDryRun("ec2", input) || recorder.running() !== by;
      if (isTried || operation !== "RunInstances" || isLost) return;
      isLost = true;
      const { Instances } = output as { readonly Instances: readonly { InstanceId: string }[] };
      for (const { InstanceId } of Instances)
        ec2.control.interrupt(InstanceId, { noticeSeconds: 0 });
      clock.elapse(2 * 60_000);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
  };
