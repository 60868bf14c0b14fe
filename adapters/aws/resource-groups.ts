/** Groups of EC2 capacity reservations, at which an instance can be pointed instead of at one reservation. */
import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  GetTagsCommand,
  GroupResourcesCommand,
  ListGroupsCommand,
  type GroupConfigurationItem,
  type ResourceGroupsClient,
} from "@aws-sdk/client-resource-groups";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { TaggedThing } from "../../core/model/tagged-thing.ts";
import { acted, doneBefore, type Acted } from "./acted.ts";
import { bareCode } from "./error-codes.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal, requestIdOf } from "./translate-error.ts";

/** Source: Resource Groups user guide, "Service configurations for resource groups". */
const reservationPool: GroupConfigurationItem[] = [
  { Type: "AWS::EC2::CapacityReservationPool" },
  {
    Type: "AWS::ResourceGroups::Generic",
    Parameters: [{ Name: "allowed-resource-types", Values: ["AWS::EC2::CapacityReservation"] }],
  },
];

/** By its name; undefined when there is none. */
const findGroupArn = async (
  client: ResourceGroupsClient,
  name: string,
): Promise<string | undefined> => {
  const answer = await orAbsent(() =>
    callAws({ action: "GetGroup", resource: name }, () =>
      client.send(new GetGroupCommand({ Group: name })),
    ),
  );
  return answer?.Group?.GroupArn;
};

/** "BadRequestException: Cannot create group: group already exists": the code says no more than that. */
const mayExist = (code: string): boolean => bareCode(code) === "BadRequest";

/** The group of that name, made unless it is there. */
export const makeReservationGroup = async (
  client: ResourceGroupsClient,
  input: {
    readonly name: string;
    readonly description: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly groupArn: string }> => {
  const { name } = input;
  try {
    const answer = await callAws({ action: "CreateGroup", resource: name }, () =>
      client.send(
        new CreateGroupCommand({
          Name: name,
          Description: input.description,
          Configuration: reservationPool,
          Tags: { ...input.tags },
        }),
      ),
    );
    return { ...acted(answer), groupArn: required(answer.Group?.GroupArn, `the ARN of ${name}`) };
  } catch (error) {
    const refused = expectRefusal(error, mayExist);
    const groupArn = await findGroupArn(client, name);
    if (groupArn === undefined) throw error;
    return { ...doneBefore(refused), groupArn };
  }
};

export type GroupedResult = Acted &
  (
    | { readonly kind: "GROUPED" }
    /** It is being done, or the reservation is not known there yet: asked again. */
    | { readonly kind: "NOT_YET"; readonly sentence: string }
  );

/** May be done twice. @throws BrokenRequest with Resource Groups' words where it will not have the reservation */
export const groupReservation = async (
  client: ResourceGroupsClient,
  { groupArn, reservationArn }: { readonly groupArn: string; readonly reservationArn: string },
): Promise<GroupedResult> => {
  const answer = await callAws({ action: "GroupResources", resource: groupArn }, () =>
    client.send(new GroupResourcesCommand({ Group: groupArn, ResourceArns: [reservationArn] })),
  );
  if (answer.Succeeded?.includes(reservationArn) === true) {
    return { ...acted(answer), kind: "GROUPED" };
  }
  const { ErrorCode: code = "", ErrorMessage: message = "no reason was given" } =
    answer.Failed?.find(({ ResourceArn }) => ResourceArn === reservationArn) ?? {};
  const sentence = `${reservationArn} is not in ${groupArn} yet: ${message}.`;
  if (code === "" || /NOT_?FOUND/i.test(code)) {
    return { ...acted(answer), kind: "NOT_YET", sentence };
  }
  throw new SpotOptimizerError(
    "BrokenRequest",
    `GroupResources (${groupArn}) failed: ${code}: ${message}`,
    { resource: groupArn, code },
  );
};

/** By its name or ARN. One that is gone is deleted. */
export const deleteReservationGroup = async (
  client: ResourceGroupsClient,
  name: string,
): Promise<Acted> => {
  try {
    return acted(
      await callAws({ action: "DeleteGroup", resource: name }, () =>
        client.send(new DeleteGroupCommand({ Group: name })),
      ),
    );
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenNotFound") throw error;
    return { requestId: requestIdOf(error), doneBefore: `${error.message} It was found done.` };
  }
};

/** Of groups of capacity reservations. Source: Resource Groups API reference, ListGroups, filter `configuration-type`. */
const reservationGroups = {
  Name: "configuration-type" as const,
  Values: ["AWS::EC2::CapacityReservationPool"],
};

/** The largest page of ListGroups. Source: Resource Groups API reference, ListGroups, MaxResults. */
const largestPage = 50;

/** Those whose name begins so and that carry the tag: ListGroups tells no tags, each is asked for by a call of its own. */
export const findTaggedGroups = async (
  client: ResourceGroupsClient,
  wanted: { readonly namePrefix: string; readonly key: string; readonly value: string },
): Promise<readonly TaggedThing[]> => {
  const listed = await readAllPages({
    fetch: (token) =>
      callAws({ action: "ListGroups", resource: wanted.namePrefix }, () =>
        client.send(
          new ListGroupsCommand({
            Filters: [reservationGroups],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.GroupIdentifiers,
    next: (page) => page.NextToken,
  });
  const found: TaggedThing[] = [];
  for (const { GroupName: name, GroupArn: arn } of listed) {
    if (name === undefined || arn === undefined || !name.startsWith(wanted.namePrefix)) continue;
    // One that has been deleted meanwhile is gone.
    const answer = await orAbsent(() =>
      callAws({ action: "GetTags", resource: name }, () =>
        client.send(new GetTagsCommand({ Arn: arn })),
      ),
    );
    const tags = answer?.Tags ?? {};
    if (tags[wanted.key] !== wanted.value) continue;
    found.push({ kind: "resource-group", id: name, name, state: "available", tags });
  }
  return found;
};
