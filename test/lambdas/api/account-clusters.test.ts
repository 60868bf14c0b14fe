import { DescribeClusterCommand, ResourceNotFoundException } from "@aws-sdk/client-eks";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

const arn = "arn:aws:eks:eu-central-1:444455556666:cluster/shop";
const path = (name: string, query = ""): string =>
  `/accounts/${labAccount.account_id}/clusters/${name}/kubeconfig${query}`;

describe("GET /accounts/{id}/clusters/{name}/kubeconfig", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    api.eks.on(DescribeClusterCommand).callsFake(({ name }: { readonly name: string }) => {
      if (name !== "shop") {
        throw new ResourceNotFoundException({ message: "No cluster found.", $metadata: {} });
      }
      return {
        cluster: {
          arn,
          name,
          status: "ACTIVE",
          version: "1.35",
          endpoint: "https://ABC.eks.example",
          certificateAuthority: { data: Buffer.from("PEM").toString("base64") },
        },
      };
    });
    await api.send("POST", "/accounts", labAccount);
  });

  it("gives what kubectl needs, with the AWS CLI as the maker of tokens and no token in it", async () => {
    const answer = await api.send("GET", path("shop"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/yaml");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const {
      clusters,
      users,
      "current-context": context,
    } = parse(answer.body) as {
      clusters: unknown;
      users: { user: { exec: { command: string; args: string[] }; "as-groups": string[] } }[];
      "current-context": string;
    };
    expect(context).toBe(arn);
    expect(clusters).toEqual([
      {
        name: arn,
        cluster: {
          server: "https://ABC.eks.example",
          "certificate-authority-data": Buffer.from("PEM").toString("base64"),
        },
      },
    ]);
    const { exec, "as-groups": groups } = users[0]?.user ?? {};
    expect(groups).toEqual(["spot-optimizer"]);
    expect(exec?.command).toBe("aws");
    expect(exec?.args.join(" ")).toMatch(
      // Not the role's: its ExternalId is nothing that this command can give.
      /^eks get-token --region eu-central-1 --cluster-name shop --output json$/,
    );
    expect(answer.body).not.toContain("token:");
  });

  it.each([
    ["another", "", 404, "name"],
    ["shop", "?region=eu-west-1", 400, "region"],
    ["no_good!", "", 400, "name"],
  ])("answers for cluster %s%s with %i, and names %s", async (name, query, status, field) => {
    const answer = await api.send("GET", path(name, query));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("asks which region where the account has several", async () => {
    const regions = ["eu-central-1", "eu-west-1"];
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, { regions });
    const unsaid = await api.send("GET", path("shop"));
    expect(unsaid.status).toBe(400);
    expect(unsaid.body).toMatchObject({ errors: [{ field: "region" }] });
    expect((await api.send("GET", path("shop", "?region=eu-west-1"))).status).toBe(200);
  });

  it("does not call a DISABLED account", async () => {
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, { status: "DISABLED" });
    expect((await api.send("GET", path("shop"))).status).toBe(409);
    expect(api.eks.calls()).toEqual([]);
  });
});
