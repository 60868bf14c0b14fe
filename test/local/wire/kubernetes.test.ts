import { describe, expect, it } from "@jest/globals";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import { exchangeKubernetes } from "../../../local/wire/kubernetes.ts";

/** That answers with these, one after the other. */
const answering = (...bodies: readonly (object | string)[]): KubeCluster["answer"] => {
  const left = [...bodies];
  return () => {
    const body = left.shift();
    if (body === undefined) throw new Error("Nothing is left to answer with.");
    return Promise.resolve({ code: 200, headers: {}, body });
  };
};

const ask = async (answer: KubeCluster["answer"]): Promise<string> => {
  const query = new URLSearchParams();
  const request = { method: "GET", path: "/api/v1/pods", query, headers: {}, body: "" };
  const { body } = await exchangeKubernetes({ answer }, request);
  return String(body);
};

describe("an answer of the API server as bytes", () => {
  const pod = { metadata: { name: "web", labels: undefined }, spec: { nodeName: "a" } };
  const other = { metadata: { name: "cache" } };

  it.each([
    ["an object", pod],
    ["a list", { kind: "PodList", metadata: { resourceVersion: "1" }, items: [pod, other] }],
    ["a list with the same objects in another order", { kind: "PodList", items: [other, pod] }],
    ["an empty list", { kind: "PodList", items: [] }],
    ["a list of nothing but its items", { items: [pod] }],
    ["an object whose items are none of a list", { items: { pod } }],
  ])("is the JSON of %s", async (_what, body) => {
    expect(await ask(answering(body))).toBe(JSON.stringify(body));
  });

  it("shows an object that was replaced as it is now", async () => {
    const moved = { ...pod, spec: { nodeName: "b" } };
    const answer = answering({ items: [pod] }, { items: [moved] });
    expect([await ask(answer), await ask(answer)]).toEqual([
      JSON.stringify({ items: [pod] }),
      JSON.stringify({ items: [moved] }),
    ]);
  });
});
