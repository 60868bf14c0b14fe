import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { ourRights } from "../../adapters/kubernetes/rights.ts";
import { clusterRoleManifest, manifestPath } from "../../local/docs/cluster-role.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const shipped = readFileSync(new URL(`../../${manifestPath}`, import.meta.url), "utf8");
const [role, binding] = parseAllDocuments(shipped).map((document) => document.toJS() as object);

describe(manifestPath, () => {
  it("is what the code would write", () => {
    expect(shipped).toBe(clusterRoleManifest());
  });

  it("gives each right that the code names, and no other", () => {
    const { rules } = role as { readonly rules: readonly Rule[] };
    const given = rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    );
    const named = ourRights.map(
      ({ verb, group, resource, subresource }) =>
        `${verb} ${group}/${resource}${subresource === undefined ? "" : `/${subresource}`}`,
    );
    expect(given.toSorted()).toEqual(named.toSorted());
    expect(shipped).not.toMatch(/secrets|"\*"/);
  });

  it("is bound to the group that the access entry names", () => {
    expect(binding).toMatchObject({
      kind: "ClusterRoleBinding",
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
  });
});
