/** Reads a place, one region of one account, by few lists and each to its end. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Failure } from "../../../core/model/evaluation.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type {
  BulkGroup,
  Listed,
  PlaceReading,
  Unreadable,
} from "../../../core/model/place-reading.ts";
import { describeInstances } from "../ec2/describe.ts";
import { readReservations } from "../ec2/reserved.ts";
import { readWaysOut } from "../ec2/subnets.ts";
import { bulkInstances, failureOf, readEc2Lists, type Ec2Lists } from "./ec2-lists.ts";
import { bulkGroups, readGroupLists, readMemberStatuses, type GroupLists } from "./group-lists.ts";

export interface PlaceClients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
}

export interface PlaceQuestion {
  readonly accountId: AccountId;
  readonly region: string;
  readonly now: Date;
  /** Whether Auto Scaling is asked too: where no target is a group or a node, nothing rests on it. */
  readonly takesGroups: boolean;
}

type GroupsAsked =
  | { readonly kind: "READ"; readonly lists: GroupLists }
  | { readonly kind: "NOT_ASKED" }
  | { readonly kind: "FAILED"; readonly failure: Failure };

/** Instances are judged whether Auto Scaling answers or not. */
const orFailed = async <Found extends object>(
  read: () => Promise<Found>,
): Promise<Found | { readonly kind: "FAILED"; readonly failure: Failure }> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { kind: "FAILED", failure: failureOf(error) };
  }
};

const askGroups = (clients: PlaceClients, takesGroups: boolean): Promise<GroupsAsked> =>
  orFailed<GroupsAsked>(async () =>
    takesGroups ? { kind: "READ", lists: await readGroupLists(clients) } : { kind: "NOT_ASKED" },
  );

interface GroupsListed {
  readonly groups: Listed<BulkGroup>;
  readonly unreadable: readonly Unreadable[];
}

const listGroups = async (
  { ec2 }: PlaceClients,
  asked: GroupsAsked,
  {
    lists,
    ...place
  }: { readonly lists: Ec2Lists; readonly accountId: AccountId; readonly region: string },
): Promise<GroupsListed> => {
  if (asked.kind !== "READ") return { groups: asked, unreadable: [] };
  const { lists: groupLists } = asked;
  const read = await orFailed(async () => {
    const spotStatuses = await readMemberStatuses(ec2, groupLists, lists);
    return { kind: "READ" as const, ...bulkGroups({ ...place, groupLists, lists, spotStatuses }) };
  });
  if (read.kind === "FAILED") return { groups: read, unreadable: [] };
  return { groups: { kind: "READ", items: read.groups }, unreadable: read.unreadable };
};

/**
 * Nine calls for up to 1,000 instances without groups, some fifteen with; one or two where nothing is there.
 * @throws what a call of EC2's throws: half a list is not a list
 */
export const readPlace = async (
  clients: PlaceClients,
  { now, takesGroups, ...place }: PlaceQuestion,
): Promise<PlaceReading> => {
  const { ec2 } = clients;
  const head = { ...place, readAt: now.toISOString() };
  const [shown, asked] = await Promise.all([
    describeInstances(ec2, []),
    askGroups(clients, takesGroups),
  ]);
  const groups = asked.kind === "READ" ? asked.lists.groups : [];
  if (shown.length === 0 && groups.length === 0) {
    const none: Listed<BulkGroup> = asked.kind === "READ" ? { kind: "READ", items: [] } : asked;
    return { ...head, instances: [], subnets: [], reserved: [], groups: none, unreadable: [] };
  }
  const [lists, reserved] = await Promise.all([
    readEc2Lists(ec2, shown, asked.kind === "READ" ? asked.lists.imageIds : []),
    readReservations(ec2, { filters: [] }),
  ]);
  const { instances, unreadable } = bulkInstances(lists, place);
  const [subnets, listed] = await Promise.all([
    readWaysOut(ec2, lists.subnets),
    listGroups(clients, asked, { ...place, lists }),
  ]);
  return {
    ...head,
    instances,
    subnets,
    reserved,
    groups: listed.groups,
    unreadable: [...unreadable, ...listed.unreadable],
  };
};
