import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import {
  deletionRole,
  deletionRules,
  optionalRole,
  optionalRules,
  ourRights,
} from "../../adapters/kubernetes/rights.ts";
import { manifestPath, manifests } from "../../local/docs/cluster-role.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const shippedIn = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const objectsIn = (text: string): readonly object[] =>
  parseAllDocuments(text).map((document) => document.toJS() as object);

const shipped = shippedIn(manifestPath);
const [role, binding, optional, optionalBinding] = objectsIn(shipped);

/** Of exactly these rules, and bound to our group. */
const expectRole = (
  [found, bound]: readonly (object | undefined)[],
  name: string,
  rules: typeof optionalRules,
): void => {
  expect(found).toMatchObject({
    metadata: { name },
    rules: rules.map(({ group, resource, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs,
    })),
  });
  expect(bound).toMatchObject({
    kind: "ClusterRoleBinding",
    roleRef: { name },
    subjects: [{ kind: "Group", name: "spot-optimizer" }],
  });
};

it.each(Object.entries(manifests))("%s is what the code would write", (path, manifest) => {
  expect(shippedIn(path)).toBe(manifest);
});

it("the right to delete pods stands in a manifest of its own alone", () => {
  const path = "docs/manifests/spot-optimizer-delete-pods.yaml";
  expectRole(objectsIn(shippedIn(path)), deletionRole, deletionRules);
  expect(shipped).not.toContain("delete");
});

describe(manifestPath, () => {
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
    expectRole([optional, optionalBinding], optionalRole, optionalRules);
  });

  it("is bound to the group that the access entry names", () => {
    expect(binding).toMatchObject({
      kind: "ClusterRoleBinding",
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
  });
});
