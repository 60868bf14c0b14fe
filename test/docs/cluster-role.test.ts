import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { optionalRole, optionalRules, ourRights } from "../../adapters/kubernetes/rights.ts";
import { clusterRoleManifest, manifestPath } from "../../local/docs/cluster-role.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const shipped = readFileSync(new URL(`../../${manifestPath}`, import.meta.url), "utf8");
const [role, binding, optional, optionalBinding] = parseAllDocuments(shipped).map(
  (document) => document.toJS() as object,
);

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

  it("has what is optional in a role of its own, which an owner may leave out", () => {
    expect(optional).toMatchObject({
      metadata: { name: optionalRole },
      rules: optionalRules.map(({ group, resource, verbs }) => ({
        apiGroups: [group],
        resources: [resource],
        verbs,
      })),
    });
    expect(optionalBinding).toMatchObject({
      kind: "ClusterRoleBinding",
      roleRef: { name: optionalRole },
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
  });

  it("is bound to the group that the access entry names", () => {
    expect(binding).toMatchObject({
      kind: "ClusterRoleBinding",
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
  });
});
