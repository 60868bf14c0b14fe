/** CreateTags, DeleteTags, DescribeTags. A resource takes tags a moment later than reads see it. */
import type {
  CreateTagsCommandInput,
  DeleteTagsCommandInput,
  DescribeTagsCommandInput,
  DescribeTagsResult,
  ResourceType,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { readTags, type Ec2Context } from "./context.ts";
import { applyFilters } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds, notFound, refuse, required, type Kind } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { RegionState, Resource } from "./state.ts";
import { isVisible } from "./visibility.ts";

interface Shelf {
  readonly type: ResourceType;
  readonly kind: Kind;
  readonly resources: (region: RegionState) => ReadonlyMap<string, Resource>;
}

const shelves: readonly Shelf[] = [
  { type: "instance", kind: kinds.instance, resources: (region) => region.instances },
  { type: "volume", kind: kinds.volume, resources: (region) => region.volumes },
  { type: "snapshot", kind: kinds.snapshot, resources: (region) => region.snapshots },
  { type: "image", kind: kinds.image, resources: (region) => region.images },
  {
    type: "network-interface",
    kind: kinds.networkInterface,
    resources: (region) => region.interfaces,
  },
  {
    type: "security-group",
    kind: kinds.securityGroup,
    resources: (region) => region.securityGroups,
  },
  { type: "elastic-ip", kind: kinds.address, resources: (region) => region.addresses },
  { type: "subnet", kind: kinds.subnet, resources: (region) => region.subnets },
  {
    type: "spot-instances-request",
    kind: kinds.spotRequest,
    resources: (region) => region.spotRequests,
  },
  {
    type: "capacity-reservation",
    kind: kinds.capacityReservation,
    resources: (region) => region.capacityReservations,
  },
  { type: "launch-template", kind: kinds.template, resources: (region) => region.templates },
  {
    type: "replace-root-volume-task",
    kind: kinds.rootTask,
    resources: (region) => region.rootTasks,
  },
];

/** @throws CloudError where no kind has such ids */
export const shelfOf = (id: string): Shelf => {
  const shelf = shelves.find(({ kind }) => id.startsWith(kind.prefix));
  if (shelf === undefined) throw refuse("InvalidID", `The ID '${id}' is not valid`);
  return shelf;
};

/** CreateTags may say NotFound even after a Describe has shown the resource: half the delay again. */
const isTaggable = (context: Ec2Context, resource: Resource): boolean =>
  resource.visibleAt + (resource.visibleAt - resource.createdAt) / 2 <= context.clock.now() &&
  isVisible(context, resource);

const findTaggable = (context: Ec2Context, region: RegionState, id: string): Resource => {
  const shelf = shelfOf(id);
  const resource = shelf.resources(region).get(id);
  if (resource === undefined || !isTaggable(context, resource)) throw notFound(shelf.kind, [id]);
  return resource;
};

export const tagOperations = (context: Ec2Context) => ({
  CreateTags: (call: Call, input: CreateTagsCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const resources = required(input.Resources, "Resources").map((id) =>
      findTaggable(context, region, id),
    );
    const tagged = resources.map((resource) => ({
      resource,
      tags: readTags(input.Tags, resource.tags),
    }));
    for (const { resource, tags } of tagged) resource.tags = tags;
    return {};
  },

  DeleteTags: (call: Call, input: DeleteTagsCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const resources = required(input.Resources, "Resources").map((id) =>
      findTaggable(context, region, id),
    );
    for (const resource of resources) {
      resource.tags = Object.fromEntries(
        Object.entries(resource.tags).filter(([key, value]) => {
          // Without a list every tag of the owner goes; a value, if given, must match.
          const isAws = key.startsWith("aws:");
          const named = input.Tags?.some(
            (tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value),
          );
          return isAws || named === false;
        }),
      );
    }
    return {};
  },

  DescribeTags: (call: Call, input: DescribeTagsCommandInput): DescribeTagsResult => {
    const region = regionOf(context, call);
    const all = shelves.flatMap(({ type, resources }) =>
      [...resources(region).values()]
        .filter((resource) => isVisible(context, resource, "tag"))
        .flatMap((resource) =>
          Object.entries(resource.tags).map(([Key, Value]) => ({
            ResourceId: resource.id,
            ResourceType: type,
            Key,
            Value,
          })),
        ),
    );
    const tags = applyFilters(all, input.Filters, {
      key: (tag) => tag.Key,
      value: (tag) => tag.Value,
      "resource-id": (tag) => tag.ResourceId,
      "resource-type": (tag) => tag.ResourceType,
    });
    const { items, ...next } = paginate(tags, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { Tags: items, ...next };
  },
});
