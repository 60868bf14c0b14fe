import { describe, expect, it } from "@jest/globals";
import { placeOf, type Place } from "../../../../lambdas/linear/identity/attachable.ts";

const move = { fromInstanceId: "i-original", toInstanceId: "i-replacement" };

describe("where a part of the identity is", () => {
  it.each<readonly [Place, string | undefined, string | undefined]>([
    ["AT_ORIGINAL", "i-original", "attached"],
    ["LEAVING", "i-original", "detaching"],
    ["DETACHED", undefined, undefined],
    ["ARRIVING", "i-replacement", "attaching"],
    ["AT_REPLACEMENT", "i-replacement", "attached"],
  ])("is %s when it is attached to %s and the attachment is %s", (place, attachedTo, state) => {
    const found = {
      ...(attachedTo === undefined ? {} : { attachedTo }),
      ...(state === undefined ? {} : { attachmentState: state }),
    };
    expect(placeOf("vol-1", found, move)).toBe(place);
  });

  it.each(["attached", "attaching", "detaching"])(
    "is not ours to move when a third instance has it (%s)",
    (attachmentState) => {
      expect(() => placeOf("vol-1", { attachedTo: "i-third", attachmentState }, move)).toThrow(
        expect.objectContaining({ name: "StaleOriginal", resource: "vol-1" }),
      );
    },
  );
});
