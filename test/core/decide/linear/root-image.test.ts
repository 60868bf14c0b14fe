import { describe, expect, it } from "@jest/globals";
import { judgeRootImage } from "../../../../core/decide/linear/root-image.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";

const instanceId = instanceIdSchema.parse("i-0123456789abcdef0");
const plain = { instanceId, platformDetails: "Linux/UNIX", productCodes: [] };

describe("an image that is registered from a root volume's snapshot", () => {
  it("carries plain Linux", () => {
    expect(judgeRootImage(plain)).toEqual({ kind: "CARRIES" });
  });

  it.each(["Windows", "Red Hat Enterprise Linux", "SUSE Linux", "Linux with SQL Server Web"])(
    "does not carry the licence of %s",
    (platformDetails) => {
      expect(judgeRootImage({ ...plain, platformDetails })).toMatchObject({
        kind: "CANNOT_CARRY",
        sentence: expect.stringContaining(platformDetails),
      });
    },
  );

  it("does not carry a product code", () => {
    expect(judgeRootImage({ ...plain, productCodes: ["abc"] })).toMatchObject({
      kind: "CANNOT_CARRY",
      sentence: expect.stringContaining("abc"),
    });
  });
});
