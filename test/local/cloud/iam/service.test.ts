import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "@jest/globals";
import { readRole } from "../../../../adapters/aws/iam.ts";
import { assumersOf } from "../../../../core/approval/role-trust.ts";
import type { AccessKey } from "../../../../local/cloud/iam/identities.ts";
import { createIam } from "../../../../local/cloud/iam/service.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "../cloud-fixture.ts";

const create = () => {
  const { cloud, sts } = createFixture();
  cloud.serve(createIam(cloud));
  const { identities } = cloud;
  const { ownAccountId: accountId } = identities;
  const as = (credentials: AccessKey = identities.operator) =>
    new IAMClient(localClientConfig(cloud, { region: "us-east-1", credentials }));
  const assumers = async (name: string) =>
    assumersOf((await readRole(as(), name))?.trustPolicy ?? "", accountId);
  return { accountId, as, assumers, identities, sts };
};

describe("a role", () => {
  it("is shown over the wire by its name, whatever its path, with its trust policy", async () => {
    const { accountId, as, identities } = create();
    const role = identities.addRole({
      accountId,
      name: "Operator",
      path: "/team/",
      trustedPrincipals: [accountId],
      externalId: "id-1",
    });
    const answer = await as().send(new GetRoleCommand({ RoleName: "Operator" }));
    expect(answer.Role).toMatchObject({ Path: "/team/", RoleId: role.id, Arn: role.arn });
    expect(JSON.parse(decodeURIComponent(answer.Role?.AssumeRolePolicyDocument ?? ""))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: [`arn:aws:iam::${accountId}:root`] },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "id-1" } },
        },
      ],
    });
  });

  it("of another account, or that was removed, cannot be found", async () => {
    const { as, identities } = create();
    const other = { accountId: "444455556666", name: "Operator", trustedPrincipals: [] };
    identities.addRole(other);
    const command = new GetRoleCommand({ RoleName: "Operator" });
    expect(await refusalOf(as().send(command))).toMatchObject({
      code: "NoSuchEntityException",
      status: 404,
    });
  });

  it("is shown to who may read it alone", async () => {
    const { accountId, as, identities } = create();
    identities.addRole({ accountId, name: "Operator", trustedPrincipals: [] });
    const key = identities.addUser({ accountId, name: "eve", allow: ["sts:*"] });
    const command = new GetRoleCommand({ RoleName: "Operator" });
    expect(await refusalOf(as(key).send(command))).toMatchObject({ status: 403 });
  });

  it("tells who comes by it as it lets them in", async () => {
    const { accountId, assumers, identities, sts } = create();
    const role = identities.addRole({
      accountId,
      name: "Operator",
      trustedPrincipals: [accountId],
      hasNamedSessions: true,
    });
    const ada = identities.addUser({ accountId, name: "ada" });
    const assume = (RoleSessionName: string) =>
      sts(ada).send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName }));
    await expect(assume("ada")).resolves.toHaveProperty("Credentials");
    expect(await refusalOf(assume("grace"))).toMatchObject({ code: "AccessDenied" });
    await expect(assumers("Operator")).resolves.toEqual({ kind: "NAMED_USERS" });

    identities.changeRole(role.arn, { hasNamedSessions: false });
    await expect(assume("grace")).resolves.toHaveProperty("Credentials");
    await expect(assumers("Operator")).resolves.toMatchObject({ kind: "ONE_PERSON" });

    const oidcProviders = [`arn:aws:iam::${accountId}:oidc-provider/ci.example.com`];
    identities.addRole({ accountId, name: "Deploy", trustedPrincipals: [], oidcProviders });
    await expect(assumers("Deploy")).resolves.toMatchObject({ kind: "NOT_PERSONS" });
  });
});
