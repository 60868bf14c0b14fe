/** EBS volumes: where they are, attach, detach, and what becomes of them at termination. */
import {
  AttachVolumeCommand,
  DetachVolumeCommand,
  ModifyInstanceAttributeCommand,
  type EC2Client,
  type Volume,
} from "@aws-sdk/client-ec2";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { notShownYet } from "../not-shown-yet.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal, wordsOf } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeVolumes } from "./describe.ts";

export interface VolumeReading {
  readonly volumeId: string;
  /** `creating`, `available`, `in-use`, `deleting`, `deleted`, `error`. */
  readonly state: string;
  readonly zoneName: string;
  readonly encrypted?: boolean;
  /** Instance that holds it, also while it is being attached or detached. */
  readonly attachedTo?: string;
  readonly deviceName?: string;
  /** `attaching`, `attached`, `detaching`, `busy` (the guest still uses it). */
  readonly attachmentState?: string;
  readonly deleteOnTermination?: boolean;
}

const toReading = (volume: Volume): VolumeReading => {
  const volumeId = required(volume.VolumeId, "a volume's id");
  const attachment = volume.Attachments?.find(({ State }) => State !== "detached");
  return withoutUndefined({
    volumeId,
    state: required(volume.State, `the state of ${volumeId}`),
    zoneName: required(volume.AvailabilityZone, `the zone of ${volumeId}`),
    encrypted: volume.Encrypted,
    attachedTo: attachment?.InstanceId,
    deviceName: attachment?.Device,
    attachmentState: attachment?.State,
    deleteOnTermination: attachment?.DeleteOnTermination,
  });
};

/** Those of the volumes that exist. Multi-Attach volumes are refused before; of such a volume the first holder is returned. */
export const readVolumes = async (
  ec2: EC2Client,
  volumeIds: readonly string[],
): Promise<VolumeReading[]> => (await describeVolumes(ec2, volumeIds)).map(toReading);

const readOne = async (ec2: EC2Client, volumeId: string): Promise<VolumeReading | undefined> =>
  (await readVolumes(ec2, [volumeId]))[0];

/**
 * Begins the attachment. A repetition of a call that acted is success: EC2 says VolumeInUse, and the volume is
 * found at that instance and device. Found nowhere, it is to be asked about again. @throws RetryableNotVisible then
 */
export const attachVolume = async (
  ec2: EC2Client,
  input: { readonly volumeId: string; readonly instanceId: string; readonly deviceName: string },
): Promise<Acted> => {
  const { volumeId, instanceId, deviceName } = input;
  try {
    const about = { action: "AttachVolume", resource: `${volumeId} to ${instanceId}` };
    return acted(
      await callAws(about, () =>
        ec2.send(
          new AttachVolumeCommand({
            VolumeId: volumeId,
            InstanceId: instanceId,
            Device: deviceName,
          }),
        ),
      ),
    );
  } catch (error) {
    const refused = expectRefusal(error, (code) => code === "VolumeInUse");
    const now = await readOne(ec2, volumeId);
    if (now?.state === "available") throw notShownYet(refused);
    const isThere = now?.attachedTo === instanceId && now.deviceName === deviceName;
    if (!isThere || now.attachmentState === "detaching") throw error;
    return doneBefore(refused);
  }
};

/** EC2's words say it before its readings do: "Volume 'vol-…' is in the 'available' state." */
const isOnItsWay = (message: string): boolean => /'(?:available|detaching)' state/.test(message);

/**
 * Begins the detachment, without force. A repetition of a call that acted is success: EC2 says IncorrectState,
 * and why, or the volume is found at another instance, at none, or on its way out.
 */
export const detachVolume = async (
  ec2: EC2Client,
  input: { readonly volumeId: string; readonly instanceId: string },
): Promise<Acted> => {
  const { volumeId, instanceId } = input;
  try {
    const about = { action: "DetachVolume", resource: `${volumeId} from ${instanceId}` };
    return acted(
      await callAws(about, () =>
        ec2.send(new DetachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId })),
      ),
    );
  } catch (error) {
    const refused = expectRefusal(
      error,
      (code) => code === "IncorrectState" || code === "InvalidAttachment.NotFound",
    );
    if (isOnItsWay(wordsOf(refused.error))) return doneBefore(refused);
    const now = await readOne(ec2, volumeId);
    if (now === undefined) throw error;
    const isLeaving = now.attachmentState === "detaching";
    if (now.attachedTo === instanceId && !isLeaving) throw error;
    return doneBefore(refused);
  }
};

/** Whether the volume at this device dies with the instance. Attached volumes default to "no". */
export const setDeleteOnTermination = async (
  ec2: EC2Client,
  input: { readonly instanceId: string; readonly deviceName: string; readonly value: boolean },
): Promise<Acted> => {
  const { instanceId, deviceName, value } = input;
  const about = { action: "ModifyInstanceAttribute", resource: `${instanceId} ${deviceName}` };
  return acted(
    await callAws(about, () =>
      ec2.send(
        new ModifyInstanceAttributeCommand({
          InstanceId: instanceId,
          BlockDeviceMappings: [{ DeviceName: deviceName, Ebs: { DeleteOnTermination: value } }],
        }),
      ),
    ),
  );
};
