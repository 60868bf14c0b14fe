/**
 * DisableImage and EnableImage. A disabled image can't be launched, isn't listed unless it is asked for, and loses its shares for good.
 * Source: EC2 API reference, DisableImage, EnableImage.
 */
import type {
  DisableImageCommandInput,
  DisableImageResult,
  EnableImageCommandInput,
  EnableImageResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, type Ec2Context } from "./context.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Image } from "./state.ts";

const ownImage = (context: Ec2Context, call: Call, imageId: string | undefined): Image => {
  const region = regionOf(context, call);
  const id = required(imageId, "ImageId");
  const image = findOne(context, region.images, { kind: kinds.image, id });
  if (image.ownerId === region.accountId) return image;
  throw refuse("AuthFailure", `Not authorized for image ${id}`);
};

/** † Code and words of the states that EC2 does not take. */
const requireState = (image: Image, wanted: Image["state"]): void => {
  if (image.state === wanted) return;
  throw refuse("IncorrectState", `The image '${image.id}' is '${image.state}'.`);
};

export const imageRetirementOperations = (context: Ec2Context) => ({
  DisableImage: (call: Call, input: DisableImageCommandInput): DisableImageResult => {
    const image = ownImage(context, call, input.ImageId);
    requireState(image, "available");
    image.state = "disabled";
    image.sharedWith = [];
    return { Return: true };
  },

  EnableImage: (call: Call, input: EnableImageCommandInput): EnableImageResult => {
    const image = ownImage(context, call, input.ImageId);
    requireState(image, "disabled");
    image.state = "available";
    return { Return: true };
  },
});
