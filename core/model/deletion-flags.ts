/** What is deleted together with an instance, and how its owner had that before it was moved to Spot. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import type { NetworkInterfaceFacts, VolumeFacts } from "./instance.ts";

/** As one reading of an instance shows it. InstanceFacts has this shape. */
export interface Attachments {
  readonly volumes: readonly Pick<
    VolumeFacts,
    "volumeId" | "deviceName" | "isRoot" | "deleteOnTermination"
  >[];
  readonly networkInterfaces: readonly Pick<
    NetworkInterfaceFacts,
    "networkInterfaceId" | "attachmentId" | "deviceIndex" | "deleteOnTermination"
  >[];
}

/** The new flag of one attachment. */
export type FlagChange =
  | {
      readonly kind: "VOLUME";
      readonly volumeId: string;
      readonly deviceName: string;
      readonly isRoot: boolean;
      readonly deleteOnTermination: boolean;
    }
  | {
      readonly kind: "INTERFACE";
      readonly networkInterfaceId: string;
      readonly attachmentId: string;
      readonly deleteOnTermination: boolean;
    };

/** The owner's, by what they are of; kept with the target while it stands on Spot. */
export const deletionFlagsSchema = atFirstUse(() =>
  z.strictObject({
    /** Of whichever volume is the root. Absent: it was not known. */
    root: z.boolean().exactOptional(),
    /** Of whichever interface has index 0. Absent: it was not known. */
    primaryInterface: z.boolean().exactOptional(),
    volumes: z.array(z.strictObject({ volumeId: z.string(), deleteOnTermination: z.boolean() })),
    interfaces: z.array(
      z.strictObject({ networkInterfaceId: z.string(), deleteOnTermination: z.boolean() }),
    ),
  }),
);
export type DeletionFlags = z.infer<ReturnType<typeof deletionFlagsSchema>>;
