/**
 * Resource Groups, as far as groups of EC2 capacity reservations go. Sources: Resource Groups API reference (CreateGroup, GroupResources, ListGroups),
 * its user guide ("Service configurations for resource groups"), EC2 user guide ("Capacity Reservation groups").
 */
import type {
  CreateGroupInput,
  CreateGroupOutput,
  DeleteGroupInput,
  DeleteGroupOutput,
  GetGroupInput,
  GetGroupOutput,
  GetTagsInput,
  GetTagsOutput,
  GroupConfigurationItem,
  GroupResourcesInput,
  GroupResourcesOutput,
  ListGroupResourcesInput,
  ListGroupResourcesOutput,
  ListGroupsInput,
  ListGroupsOutput,
  UngroupResourcesInput,
  UngroupResourcesOutput,
} from "@aws-sdk/client-resource-groups";
import {
  type Authorization,
  type Call,
  CloudError,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import { asked } from "../iam/asked.ts";
import { actionOf } from "../iam/permissions.ts";
import type { ReservationDirectory } from "../ec2/directory.ts";

interface ReservationGroup {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of capacity reservations. */
  readonly members: Set<string>;
}

export interface ResourceGroups extends ServiceModule {
  /** Those of the account, for whoever looks at what is left. */
  groups(accountId: string): readonly Pick<ReservationGroup, "arn" | "name" | "tags">[];
}

const badRequest = (message: string): CloudError => new CloudError("BadRequestException", message);

const notFound = (name: string): CloudError =>
  new CloudError("NotFoundException", `Cannot find group: ${name}`, 404);

const pool = "AWS::EC2::CapacityReservationPool";
const generic = "AWS::ResourceGroups::Generic";
const member = "AWS::EC2::CapacityReservation";

/** The one kind that is spoken here. */
const isReservationPool = (items: readonly GroupConfigurationItem[]): boolean =>
  items.some(({ Type: type }) => type === pool) &&
  items.some(
    ({ Type: type, Parameters: parameters = [] }) =>
      type === generic &&
      parameters.some(
        ({ Name: name, Values: values = [] }) =>
          name === "allowed-resource-types" && values.length === 1 && values[0] === member,
      ),
  );

/** At most 150 characters of its own: an id may follow it in the ARN. */
const namePattern = /^[a-zA-Z0-9_.-]{1,150}$/;

class Groups {
  readonly #groups = new Map<string, ReservationGroup>();

  all(): readonly ReservationGroup[] {
    return [...this.#groups.values()];
  }

  /** By its name, or by its ARN. */
  find(call: Call, named: string | undefined): ReservationGroup | undefined {
    const { caller, region } = call;
    return this.all().find(
      (group) =>
        group.accountId === caller.accountId &&
        group.region === region &&
        (group.name === named || group.arn === named),
    );
  }

  require(call: Call, named: string | undefined): ReservationGroup {
    const group = this.find(call, named);
    if (group === undefined) throw notFound(named ?? "");
    return group;
  }

  create(call: Call, input: CreateGroupInput): ReservationGroup {
    const { Name: name = "", Configuration: configuration = [], Tags: tags = {} } = input;
    if (!namePattern.test(name) || /^aws/i.test(name)) {
      throw badRequest(`Cannot create group: invalid name ${name}`);
    }
    if (!isReservationPool(configuration)) {
      throw badRequest("The simulated Resource Groups knows groups of capacity reservations only.");
    }
    if (this.find(call, name) !== undefined) {
      throw badRequest("Cannot create group: group already exists");
    }
    const { caller, region } = call;
    const arn = `arn:aws:resource-groups:${region}:${caller.accountId}:group/${name}`;
    const group: ReservationGroup = {
      arn,
      name,
      accountId: caller.accountId,
      region,
      description: input.Description ?? "",
      tags,
      members: new Set(),
    };
    this.#groups.set(arn, group);
    return group;
  }

  delete({ arn }: ReservationGroup): void {
    this.#groups.delete(arn);
  }

  /** Those of the caller in the region. */
  seenBy({ caller, region }: Call): readonly ReservationGroup[] {
    return this.all().filter(
      (group) => group.accountId === caller.accountId && group.region === region,
    );
  }

  membersOf(groupArn: string): readonly string[] {
    return [...(this.#groups.get(groupArn)?.members ?? [])];
  }
}

const view = ({ arn, name, description }: ReservationGroup) => ({
  GroupArn: arn,
  Name: name,
  Description: description,
});

const placeOf = ({ accountId, region }: ReservationGroup) => ({ accountId, region });

/** Groups are known by their ARN, which holds their name. */
const authorizationOn = (groups: Groups): NonNullable<ServiceModule["authorization"]> => {
  const onGroup: Authorization<{ readonly Group?: string | undefined }> = (call, input) => {
    const found = groups.find(call, input.Group);
    const facts = found === undefined ? [] : [{ arn: found.arn, type: "group", tags: found.tags }];
    return [asked(actionOf(call), facts)];
  };
  const onNew: Authorization<CreateGroupInput> = (call, { Tags: requestTags }) => [
    asked(actionOf(call), [{ arn: "*", type: "", requestTags }]),
  ];
  return {
    CreateGroup: onNew,
    DeleteGroup: onGroup,
    GetGroup: onGroup,
    GetTags: (call, { Arn: arn }: GetTagsInput) => onGroup(call, { Group: arn }),
    GroupResources: onGroup,
    UngroupResources: onGroup,
  };
};

/** Of MaxResults, 50 at most. Source: Resource Groups API reference, ListGroups. */
const largestPage = 50;

const operationsOn = (
  groups: Groups,
  reservations: ReservationDirectory,
): ServiceModule["operations"] => {
  const create: Handler<CreateGroupInput, CreateGroupOutput> = (call, input) => ({
    Group: view(groups.create(call, input)),
    GroupConfiguration: { Configuration: input.Configuration, Status: "UPDATE_COMPLETE" },
    Tags: input.Tags,
  });

  const get: Handler<GetGroupInput, GetGroupOutput> = (call, input) => ({
    Group: view(groups.require(call, input.Group)),
  });

  const remove: Handler<DeleteGroupInput, DeleteGroupOutput> = (call, input) => {
    const group = groups.require(call, input.Group);
    groups.delete(group);
    reservations.groupsChanged(placeOf(group));
    return { Group: view(group) };
  };

  /** † What is said of a reservation that EC2 does not show yet. */
  const add: Handler<GroupResourcesInput, GroupResourcesOutput> = (call, input) => {
    const group = groups.require(call, input.Group);
    const asked = input.ResourceArns ?? [];
    const found = asked.filter((arn) => reservations.isThere(placeOf(group), arn));
    for (const arn of found) group.members.add(arn);
    reservations.groupsChanged(placeOf(group));
    return {
      Succeeded: found,
      Failed: asked
        .filter((arn) => !found.includes(arn))
        .map((arn) => ({
          ResourceArn: arn,
          ErrorCode: "RESOURCE_NOT_FOUND",
          ErrorMessage: `Cannot find resource: ${arn}`,
        })),
      Pending: [],
    };
  };

  const takeOut: Handler<UngroupResourcesInput, UngroupResourcesOutput> = (call, input) => {
    const group = groups.require(call, input.Group);
    for (const arn of input.ResourceArns ?? []) group.members.delete(arn);
    return { Succeeded: input.ResourceArns ?? [], Failed: [], Pending: [] };
  };

  const list: Handler<ListGroupResourcesInput, ListGroupResourcesOutput> = (call, input) => ({
    Resources: [...groups.require(call, input.Group).members].map((arn) => ({
      Identifier: { ResourceArn: arn, ResourceType: member },
    })),
  });

  return {
    CreateGroup: create,
    GetGroup: get,
    DeleteGroup: remove,
    GroupResources: add,
    UngroupResources: takeOut,
    ListGroupResources: list,
  };
};

const readingsOn = (groups: Groups): ServiceModule["operations"] => {
  const tagsOf: Handler<GetTagsInput, GetTagsOutput> = (call, { Arn: arn }) => ({
    Arn: arn,
    Tags: { ...groups.require(call, arn).tags },
  });

  /** All groups here are of one configuration type: another one has none. */
  const listAll: Handler<ListGroupsInput, ListGroupsOutput> = (call, input) => {
    const { Filters: filters = [], MaxResults: size = largestPage, NextToken: token = "0" } = input;
    const shown = groups
      .seenBy(call)
      .filter(() =>
        filters.every(
          ({ Name: name, Values: values = [] }) =>
            name === "configuration-type" && values.includes(pool),
        ),
      );
    const end = Number(token) + size;
    return {
      GroupIdentifiers: shown.slice(Number(token), end).map((group) => ({
        GroupName: group.name,
        GroupArn: group.arn,
        Description: group.description,
      })),
      ...(end < shown.length && { NextToken: String(end) }),
    };
  };

  return { GetTags: tagsOf, ListGroups: listAll };
};

export const createResourceGroups = (reservations: ReservationDirectory): ResourceGroups => {
  const groups = new Groups();
  reservations.useGroups((_place, groupArn) => groups.membersOf(groupArn));
  return {
    service: "resource-groups",
    operations: { ...operationsOn(groups, reservations), ...readingsOn(groups) },
    authorization: authorizationOn(groups),
    groups: (accountId) => groups.all().filter((group) => group.accountId === accountId),
  };
};
