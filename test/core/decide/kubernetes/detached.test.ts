import { describe, expect, it } from "@jest/globals";
import { awaitedAttachments } from "../../../../core/decide/kubernetes/detached.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import { aPod } from "./objects.ts";

const volumes = { claims: ["data"], hasEmptyDir: false, hostPaths: [] };
const attachment = {
  name: "va-1",
  nodeName: "old",
  attacher: "ebs.csi.aws.com",
  persistentVolumeName: "pv-1",
  isAttached: true,
};
const bound = {
  name: "pv-1",
  driver: "ebs.csi.aws.com",
  claim: { namespace: "shop", name: "data" },
  isOnNode: false,
  nodeSelectorTerms: [],
};

const awaited = (pods: readonly PodFacts[], isBound = true): readonly string[] =>
  awaitedAttachments({
    nodeName: "old",
    attachments: [attachment],
    view: { pods, volumes: isBound ? [bound] : [] },
  }).map(({ name }) => name);

describe("volumes of a node that was drained", () => {
  it("are waited for while a pod needs them elsewhere", () => {
    expect(awaited([aPod({ nodeName: "new", volumes })])).toEqual(["va-1"]);
  });

  it("an attachment of a released claim stays on the node: detaching is over", () => {
    expect(awaited([])).toEqual([]);
    expect(awaited([aPod({ nodeName: "new" })])).toEqual([]);
    expect(awaited([aPod({ nodeName: "new", volumes })], false)).toEqual([]);
  });

  it("are left where a pod that stays on the node has them", () => {
    expect(awaited([aPod({ volumes }), aPod({ name: "web-2", nodeName: "new", volumes })])).toEqual(
      [],
    );
  });
});
