/** Finds the security group that an evaluation has made for its replacement, as EC2 shows it now. */
import { findSecurityGroup, readSecurityGroups } from "../../adapters/aws/ec2/security-groups.ts";
import type { FoundIsolation } from "../../core/decide/linear/roll-back/world.ts";
import { changesOf, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import type { CustomerClients } from "../runtime/context.ts";

/** By id; by name and VPC where the answer was lost that told it. */
export const findIsolation = async (
  { ec2 }: Pick<CustomerClients, "ec2">,
  { groupId, groupName: name, vpcId }: ChangeOf<"ISOLATE">,
): Promise<FoundIsolation | undefined> => {
  if (groupId === undefined) return findSecurityGroup(ec2, { name, vpcId });
  const [found] = await readSecurityGroups(ec2, [groupId]);
  return found;
};

/** For a roll-back: at most one. */
export const readIsolation = async (
  clients: Pick<CustomerClients, "ec2">,
  intents: readonly Intent[],
): Promise<readonly FoundIsolation[]> => {
  const [change] = changesOf(intents, "ISOLATE");
  const found = change === undefined ? undefined : await findIsolation(clients, change);
  return found === undefined ? [] : [{ groupId: found.groupId }];
};
