/**
 * What is about to be changed in the customer's account, and what is needed to undo it. Written before the
 * call. `id` is deterministic, so that a retried step finds its own intent instead of writing a second one.
 */

export type IntentStatus =
  /** Written; the call may or may not have acted. */
  | "PLANNED"
  /** The call acted, and what it made is noted. */
  | "ACTED"
  /** Undone by the roll-back. */
  | "UNDONE"
  /** The evaluation succeeded: not to be undone any more. What has a due time is the janitor's from now on. */
  | "COMMITTED"
  /** The janitor carried it out, or found that a person decided otherwise. */
  | "SETTLED";

interface IntentBase {
  /** Unique within the evaluation: `launch-1`, `move-address-eipalloc-…`. */
  readonly id: string;
  readonly status: IntentStatus;
  /** Absent for what concerns the subject as a whole. */
  readonly swapId?: string;
  /** Fencing number of the lease under which it was written. */
  readonly fence: number;
  /** ISO 8601 */
  readonly plannedAt: string;
  readonly actedAt?: string;
  /** What stood there before, where an undo must put it back: values by name. Written with the intent. */
  readonly before?: Readonly<Record<string, string | number | boolean | null>>;
  /** SHA-256 of the first call's parameters: a retry that would send others is not a retry. */
  readonly callDigest?: string;
  /** Of something due that could not be carried out: not looked at again before. ISO 8601 */
  readonly retryAt?: string;
}

export type IntentChange =
  | {
      readonly kind: "CREATE_IMAGE";
      readonly purpose: "warm" | "final";
      readonly imageName: string;
      readonly imageId?: string;
    }
  | {
      readonly kind: "LAUNCH_INSTANCE";
      readonly clientToken: string;
      readonly poolKey: string;
      readonly imageId: string;
      readonly subnetId: string;
      readonly instanceId?: string;
      readonly spotRequestId?: string;
    }
  | { readonly kind: "STOP_INSTANCE"; readonly instanceId: string }
  | {
      readonly kind: "REPLACE_ROOT";
      readonly instanceId: string;
      readonly imageId: string;
      readonly taskId?: string;
    }
  | {
      readonly kind: "MOVE_VOLUME";
      readonly volumeId: string;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
      readonly deviceName: string;
      readonly deleteOnTermination: boolean;
    }
  | {
      readonly kind: "MOVE_INTERFACE";
      readonly networkInterfaceId: string;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
      readonly deviceIndex: number;
      readonly deleteOnTermination: boolean;
    }
  | {
      readonly kind: "MOVE_PRIVATE_IPS";
      readonly privateIps: readonly string[];
      readonly fromInterfaceId: string;
      readonly toInterfaceId: string;
    }
  | {
      readonly kind: "MOVE_ADDRESS";
      readonly allocationId: string;
      readonly fromInterfaceId: string;
      readonly fromPrivateIp: string;
      readonly toInterfaceId: string;
      readonly toPrivateIp: string;
    }
  | {
      readonly kind: "MOVE_TARGET_GROUP";
      readonly targetGroupArn: string;
      readonly port: number;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
    }
  /** The first replacement, once the one from the final image has proved itself. */
  | { readonly kind: "RELEASE_HELD"; readonly instanceId: string }
  /** The replacement's root volume outlives it: a Spot interruption must not take what was written since. */
  | { readonly kind: "KEEP_ROOT"; readonly instanceId: string; readonly deviceName: string }
  /** An image of ours: deleted with its snapshots by the janitor once `dueAt` has passed. */
  | {
      readonly kind: "EXPIRE_IMAGE";
      readonly imageId: string;
      readonly dueAt: string;
    }
  /** The stopped original: terminated by the janitor once `dueAt` has passed. */
  | {
      readonly kind: "RETIRE_ORIGINAL";
      readonly instanceId: string;
      readonly dueAt: string;
    };

export type Intent = IntentBase & { readonly change: IntentChange };
export type IntentKind = IntentChange["kind"];
export type ChangeOf<Kind extends IntentKind> = Extract<IntentChange, { readonly kind: Kind }>;

/** Those that the janitor carries out, once committed and due. */
export type DueKind = Extract<IntentChange, { readonly dueAt: string }>["kind"];

/** The changes of one kind, in the order planned. */
export const changesOf = <Kind extends IntentKind>(
  intents: readonly Intent[],
  kind: Kind,
): readonly ChangeOf<Kind>[] =>
  intents
    .map((intent) => intent.change)
    .filter((change): change is ChangeOf<Kind> => change.kind === kind);
