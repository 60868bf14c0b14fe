import { describe, expect, it } from "@jest/globals";
import {
  flagsOfOwner,
  flagsToClear,
  flagsToReturn,
  namesOf,
} from "../../../../core/decide/linear/deletion-flags.ts";
import type { Attachments } from "../../../../core/model/deletion-flags.ts";
import {
  dataVolume,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";

const volume = (volumeId: string, deleteOnTermination: boolean, isRoot = false) => ({
  volumeId,
  deviceName: `/dev/${volumeId}`,
  isRoot,
  deleteOnTermination,
});
const networkInterface = (id: string, deviceIndex: number, deleteOnTermination: boolean) => ({
  networkInterfaceId: id,
  attachmentId: `attach-${id}`,
  deviceIndex,
  deleteOnTermination,
});

const attached = (flag: boolean): Attachments => ({
  volumes: [volume("root", flag, true), volume("data", flag)],
  networkInterfaces: [networkInterface("eni-0", 0, flag), networkInterface("eni-1", 1, flag)],
});

describe("what must not go with a replacement that carries an identity", () => {
  it.each([
    ["stop-and-image", "root, data, eni-1"],
    ["move-volumes", "root, data, eni-1"],
    ["stateless", "data, eni-1"],
  ] as const)("is, for %s, %s", (consistency, names) => {
    const changes = flagsToClear(attached(true), { consistency });
    expect(namesOf(changes)).toBe(names);
    expect(changes.every(({ deleteOnTermination }) => !deleteOnTermination)).toBe(true);
  });

  it("is nothing where all of it stays already", () => {
    expect(flagsToClear(attached(false), { consistency: "move-volumes" })).toEqual([]);
  });
});

describe("the flags of the owner", () => {
  it("are told by volume and interface, and by part of what the replacement has of its own", () => {
    const original = {
      ...plainInstance,
      volumes: [rootVolume, { ...dataVolume, deleteOnTermination: true }],
      networkInterfaces: [primaryEni, secondaryEni],
    };
    expect(flagsOfOwner(original)).toEqual({
      root: rootVolume.deleteOnTermination,
      primaryInterface: primaryEni.deleteOnTermination,
      volumes: [{ volumeId: dataVolume.volumeId, deleteOnTermination: true }],
      interfaces: [
        {
          networkInterfaceId: secondaryEni.networkInterfaceId,
          deleteOnTermination: secondaryEni.deleteOnTermination,
        },
      ],
    });
  });

  it("are unknown of a root that was not shown", () => {
    expect(flagsOfOwner({ ...plainInstance, volumes: [], networkInterfaces: [] })).toEqual({
      volumes: [],
      interfaces: [],
    });
  });

  const owner = {
    root: true,
    primaryInterface: false,
    volumes: [{ volumeId: "data", deleteOnTermination: true }],
    interfaces: [{ networkInterfaceId: "eni-1", deleteOnTermination: true }],
  };

  it.each([
    ["those that differ alone", owner, "root, data, eni-1"],
    ["nothing that was attached since", { ...owner, volumes: [], interfaces: [] }, "root"],
    ["nothing that was unknown", { volumes: [], interfaces: [] }, ""],
  ])("return to %s", (_what, flags, names) => {
    expect(namesOf(flagsToReturn(attached(false), flags))).toBe(names);
  });

  it("return whichever way they were", () => {
    const changes = flagsToReturn(attached(true), { ...owner, root: false });
    expect(changes).toEqual([
      {
        kind: "VOLUME",
        volumeId: "root",
        deviceName: "/dev/root",
        isRoot: true,
        deleteOnTermination: false,
      },
      {
        kind: "INTERFACE",
        networkInterfaceId: "eni-0",
        attachmentId: "attach-eni-0",
        deleteOnTermination: false,
      },
    ]);
  });
});
