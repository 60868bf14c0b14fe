/** An image's way out of use: disabled first, which can be undone, and deregistered later. */
import { DeregisterImageCommand, DisableImageCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { acted, type Acted } from "../acted.ts";
import { isNotFound } from "../error-codes.ts";
import { removeOnce } from "../remove-once.ts";
import { callAws } from "../translate-error.ts";
import { isDeregistered } from "./images.ts";
import { readOwnImages } from "./own-images.ts";

/**
 * Nobody can launch from it from then on. Its shares are removed, and do not come back when it is enabled again. (EC2 API reference,
 * DisableImage, EnableImage.)
 */
export const disableImage = async (ec2: EC2Client, imageId: string): Promise<Acted> =>
  acted(
    await callAws({ action: "DisableImage", resource: imageId }, () =>
      ec2.send(new DisableImageCommand({ ImageId: imageId })),
    ),
  );

const mayBeGone = (code: string): boolean => isNotFound(code) || isDeregistered(code);

/**
 * Deregisters an image that was seen, and keeps its snapshots.
 * @throws RetryableNotVisible where EC2 lists it, and does not know it by its id
 */
export const deregisterKeepingSnapshots = (ec2: EC2Client, imageId: string): Promise<Acted> =>
  removeOnce({
    action: "DeregisterImage",
    id: imageId,
    call: () =>
      ec2.send(new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: false })),
    isGone: mayBeGone,
    isShown: async () => (await readOwnImages(ec2, [imageId])).length > 0,
  });
