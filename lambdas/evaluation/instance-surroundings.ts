/** Reads what stands around an instance and no description of it tells: who sends it traffic, what Systems Manager knows, what its owner has not enrolled. */
import { readClassicLoadBalancersOf } from "../../adapters/aws/classic-elb.ts";
import { readTargetGroupsOf, readUnenrolledGroups } from "../../adapters/aws/elb.ts";
import { readUnenrolledAddresses } from "../../adapters/aws/ec2/network.ts";
import { withLoadBalancers } from "../../adapters/aws/load-balancers.ts";
import { readDirectoryDomain, readDocument, readPingStatus } from "../../adapters/aws/ssm.ts";
import type { CommandFacts } from "../../core/model/command.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { documentsOf, type Policy } from "../../core/policy/policy.ts";
import type { CustomerClients } from "../runtime/context.ts";

/** Documents that a hook or a proof runs on the instance; undefined where the policy names none. */
export const gatherCommands = async (
  { ssm }: Pick<CustomerClients, "ssm">,
  instanceId: string,
  policy: Pick<Policy, "hooks" | "proof">,
): Promise<CommandFacts | undefined> => {
  const names = documentsOf(policy);
  if (names.length === 0) return undefined;
  const ping = await readPingStatus(ssm, instanceId);
  const documents = await Promise.all(names.map((name) => readDocument(ssm, name)));
  return { ...(ping === undefined ? {} : { ping }), documents };
};

/** What EC2 does not know of a Windows guest, and its agent reports where Systems Manager manages it. */
const readDomain = async (
  { ssm }: Pick<CustomerClients, "ssm">,
  { instanceId, platformDetails }: InstanceFacts,
): Promise<Partial<Pick<InstanceFacts, "domainJoined" | "directoryDomain">>> => {
  if (!platformDetails.startsWith("Windows")) return {};
  const directoryDomain = await readDirectoryDomain(ssm, instanceId);
  return directoryDomain === undefined ? {} : { domainJoined: true, directoryDomain };
};

const addressesOf = ({ networkInterfaces }: InstanceFacts): readonly string[] =>
  networkInterfaces
    .flatMap(({ privateAddresses }) => privateAddresses)
    .flatMap(({ allocationId }) => allocationId ?? []);

/** The instance with its surroundings. */
export const withSurroundings = async (
  clients: Pick<CustomerClients, "classicElb" | "ec2" | "elb" | "ssm">,
  found: InstanceFacts,
): Promise<InstanceFacts> => {
  const targetGroups = await withLoadBalancers(
    clients,
    await readTargetGroupsOf(clients.elb, found.instanceId),
  );
  return {
    ...found,
    ...(await readDomain(clients, found)),
    targetGroups,
    classicLoadBalancers: await readClassicLoadBalancersOf(clients.classicElb, found.instanceId),
    unenrolled: [
      ...(found.unenrolled ?? []),
      ...(await readUnenrolledAddresses(clients.ec2, addressesOf(found))),
      ...(await readUnenrolledGroups(clients.elb, [
        ...new Set(targetGroups.map(({ arn }) => arn)),
      ])),
    ],
  };
};
