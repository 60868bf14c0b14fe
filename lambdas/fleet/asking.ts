/** With what groups and node groups of a place are looked at: each question that several have in common is asked once. */
import type { GroupReading } from "../../adapters/aws/autoscaling/group.ts";
import { remembering } from "../../adapters/aws/remembering.ts";
import type { LaunchFacts } from "../../core/model/launch-check.ts";
import type { Target } from "../../core/model/target.ts";
import { tagsFor } from "../evaluation/look-at-instances.ts";
import { askMemberLaunch } from "../evaluation/member-launch.ts";
import { gateClients } from "../kubernetes/check-node/gather.ts";
import type { CustomerClients, CustomerNames, StepContext } from "../runtime/context.ts";
import type { PlaceSession } from "./place.ts";

export const groupClients = gateClients;
type GroupClientName = (typeof groupClients)[number];
type Clients = Pick<CustomerClients, CustomerNames<GroupClientName>>;

export type GroupLookContext = StepContext<GroupClientName>;

export interface Asking {
  readonly context: GroupLookContext;
  readonly session: PlaceSession;
  readonly clients: Clients;
}

/** Zones, subnets, target groups, keys, node groups. */
const askingOnce = ({ kubernetes, ...clients }: Clients): Clients => ({
  kubernetes,
  autoScaling: remembering(clients.autoScaling),
  classicElb: remembering(clients.classicElb),
  cloudFormation: remembering(clients.cloudFormation),
  cloudWatch: remembering(clients.cloudWatch),
  ec2: remembering(clients.ec2),
  eks: remembering(clients.eks),
  elb: remembering(clients.elb),
  kms: remembering(clients.kms),
});

export const openAsking = async (
  context: GroupLookContext,
  session: PlaceSession,
): Promise<Asking> => {
  const { account, reading, sessionName } = session;
  const clients = session.atPace(await context.customer(account, reading.region, sessionName));
  return { context, session, clients: askingOnce(clients) };
};

/** A dry run, beside what the launch refers to. */
export const launchOf = (
  { context, clients, session }: Asking,
  target: Target,
  group: GroupReading,
): Promise<LaunchFacts> => {
  const { account, reading, deploymentId } = session;
  const { table, now } = context;
  const asked = {
    clients,
    place: { table, account, region: reading.region, now: now() },
    isShadowMode: target.isShadowMode,
    tags: tagsFor(target, deploymentId),
  };
  return askMemberLaunch(asked, group);
};
