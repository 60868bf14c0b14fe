/** Finds the security group that an evaluation has made for its replacement, as EC2 shows it now. */
import { findSecurityGroup, readSecurityGroups } from "../../adapters/aws/ec2/security-groups.ts";
import type { FoundIsolation } from "../../core/decide/linear/roll-back/world.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import { changesOf, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { CustomerClients } from "../runtime/context.ts";

/**
 * By id, once it was read as ours. Before that by name and VPC, and only with this evaluation's tag: where another group has the name, EC2
 * answers that one's id to whoever makes one.
 */
export const findIsolation = async (
  { ec2 }: Pick<CustomerClients, "ec2">,
  evaluationId: EvaluationId,
  { groupId, groupName: name, vpcId, isClosed }: ChangeOf<"ISOLATE">,
): Promise<FoundIsolation | undefined> => {
  if (groupId !== undefined && isClosed === true) {
    const [found] = await readSecurityGroups(ec2, [groupId]);
    return found;
  }
  const found = await findSecurityGroup(ec2, { name, vpcId });
  return found?.tags[evaluationTag] === evaluationId ? found : undefined;
};

/** For a roll-back: at most one. */
export const readIsolation = async (
  clients: Pick<CustomerClients, "ec2">,
  evaluationId: EvaluationId,
  intents: readonly Intent[],
): Promise<readonly FoundIsolation[]> => {
  const [change] = changesOf(intents, "ISOLATE");
  const found =
    change === undefined ? undefined : await findIsolation(clients, evaluationId, change);
  return found === undefined ? [] : [{ groupId: found.groupId }];
};
