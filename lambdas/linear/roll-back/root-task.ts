/** Reads how far EC2's task is that gives the original's root volume to the replacement. */
import { readReplaceRootVolumeTask } from "../../../adapters/aws/ec2/images.ts";
import { judgeRootTask, type RootTaskStanding } from "../../../core/decide/linear/root-move.ts";
import type { Intent } from "../../../core/model/intent.ts";
import type { LinearSession, LinearClients } from "../session.ts";

/** EC2 may show a task a minute late; one that it has not shown for so long since the roll-back began was not made. */
const unseenMs = 2 * 60_000;

/** Undefined where none was planned, or none was made. */
export const readRootTask = async (
  { ec2 }: LinearClients,
  { evaluation, now }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<RootTaskStanding | undefined> => {
  const begun = evaluation.phases.find(({ name }) => name === "roll-back")?.startedAt;
  const since = begun === undefined ? now : new Date(begun);
  for (const { change, status } of intents) {
    if (change.kind !== "REPLACE_ROOT" || change.volumeId === undefined) continue;
    if (status === "UNDONE") return undefined;
    const { taskId, instanceId } = change;
    const wanted = taskId === undefined ? { instanceId } : { taskId };
    const task = await readReplaceRootVolumeTask(ec2, wanted);
    if (task !== undefined) return judgeRootTask(task.state);
    return now.getTime() - since.getTime() < unseenMs ? "OPEN" : undefined;
  }
  return undefined;
};
