/** Why an Auto Scaling group can't be converted: CLUSTER. What passes by itself is a deferral, and not a refusal. */
export const groupReasons = [
  "GROUP_NOT_FOUND",
  "GROUP_BEING_DELETED",
  "OPTED_OUT",
  /** One of our tags on the group says something that can't be read. */
  "MALFORMED_TAG",
  "LAUNCH_CONFIGURATION",
  "LAUNCH_TEMPLATE_MISSING",
  "IMAGE_MISSING",
  "MIXED_INSTANCES_POLICY",
  "TEMPLATE_ALREADY_SPOT",
  /** The template names attributes, or no type at all: there is nothing to compare with. */
  "TEMPLATE_WITHOUT_TYPE",
  "WEIGHTED_CAPACITY",
  "WARM_POOL",
  "PROCESS_SUSPENDED",
  "ADMINISTRATIVE_SUSPENSION",
  "LAUNCH_HOOK",
  "RETAINED_INSTANCES",
  /** Originals are to be detached and kept, and a hook runs only for what the group ends. */
  "TERMINATING_HOOK_SKIPPED",
  "CAPACITY_REBALANCE",
  "GROUP_DEPENDENT_BOOT",
  "CONTAINER_HOST",
  "MEMBER_HOLDS_RESOURCE",
  "PLACEMENT_GROUP_FULL",
  "TARGET_GROUP_MISSING",
  "TRAFFIC_SOURCE_UNREADABLE",
] as const;

/** Why a group is left alone for now: it is asked again soon, and nobody needs to change anything. */
export const groupDeferrals = [
  "NOT_ALL_IN_SERVICE",
  "BELOW_DESIRED",
  "ACTIVITY_IN_PROGRESS",
  "REFRESH_IN_PROGRESS",
  "STACK_UPDATE_IN_PROGRESS",
  "TARGETS_NOT_HEALTHY",
  "ZONAL_SHIFT",
  "SCHEDULED_ACTION_DUE",
  "MAX_LIFETIME_DUE",
  "AT_MAX_WITH_ALARM",
  /** An evaluation has raised its maximum, what it made room for was taken, and it could not be handed back yet. */
  "MAX_NOT_HANDED_BACK",
] as const;
