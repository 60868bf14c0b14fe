/**
 * dynalite with what it lacks of DynamoDB's control plane, in the shapes of the SDK: a table that was restored comes with its items
 * and indexes, and without the rest.
 */
import type {
  DescribeTableCommandOutput,
  DynamoDBClient,
  UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";

export interface ControlPlane {
  /** Calls that change a table, in their order: `UpdateTable DeletionProtectionEnabled`. */
  readonly changes: string[];
  /** Changes that are taken, and never shown. */
  readonly unshown: Set<string>;
  /** Said of a table that is restored. */
  status: string;
}

interface Known {
  timeToLive?: string;
  recovers?: boolean;
  more: Record<string, unknown>;
}

const answer = <Output extends object>(output: Output) => ({
  output: { ...output, $metadata: {} },
  response: {},
});

interface Sent {
  readonly TableName?: string;
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string };
}

/** @param tables names of the one that was restored, and of the one before */
export const playControlPlane = (
  client: DynamoDBClient,
  tables: { readonly restored: string; readonly from: string },
): ControlPlane => {
  const { restored, from } = tables;
  const plane: ControlPlane = { changes: [], unshown: new Set(), status: "ACTIVE" };
  const settings = new Map<string, Known>();
  const known = (name: string): Known => {
    const found = settings.get(name) ?? { more: {} };
    settings.set(name, found);
    return found;
  };
  const note = (change: string, apply: () => void): void => {
    plane.changes.push(change);
    if (!plane.unshown.has(change)) apply();
  };

  const updateTable = ({ TableName = "", ...change }: UpdateTableCommandInput) => {
    const { more } = known(TableName);
    const [name = ""] = Object.keys(change);
    note(`UpdateTable ${name}`, () => {
      Object.assign(more, change);
      if (change.SSESpecification !== undefined) {
        more["SSEDescription"] = { Status: "ENABLED", SSEType: change.SSESpecification.SSEType };
      }
    });
    return answer({ TableDescription: { TableStatus: "UPDATING" } });
  };

  const answers: Readonly<Record<string, (input: Sent) => ReturnType<typeof answer>>> = {
    UpdateTableCommand: (input) => updateTable(input as UpdateTableCommandInput),
    DescribeTimeToLiveCommand: ({ TableName = "" }) => {
      const { timeToLive } = known(TableName);
      return answer({
        TimeToLiveDescription:
          timeToLive === undefined
            ? { TimeToLiveStatus: "DISABLED" }
            : { TimeToLiveStatus: "ENABLING", AttributeName: timeToLive },
      });
    },
    UpdateTimeToLiveCommand: ({ TableName = "", TimeToLiveSpecification: wanted }) => {
      note("UpdateTimeToLive", () => {
        known(TableName).timeToLive = wanted?.AttributeName ?? "";
      });
      return answer({});
    },
    DescribeContinuousBackupsCommand: ({ TableName = "" }) =>
      answer({
        ContinuousBackupsDescription: {
          PointInTimeRecoveryDescription: {
            PointInTimeRecoveryStatus: known(TableName).recovers === true ? "ENABLED" : "DISABLED",
          },
        },
      }),
    UpdateContinuousBackupsCommand: ({ TableName = "" }) => {
      note("UpdateContinuousBackups", () => {
        known(TableName).recovers = true;
      });
      return answer({});
    },
  };

  const restoredDescription = (output: DescribeTableCommandOutput, name: string) => ({
    ...output,
    Table: {
      ...output.Table,
      ...known(name).more,
      ...(name === restored && {
        TableStatus: plane.status,
        RestoreSummary: {
          SourceTableArn: output.Table?.TableArn?.replace(restored, from),
          RestoreDateTime: new Date(0),
          RestoreInProgress: plane.status === "CREATING",
        },
      }),
    },
  });

  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const input = args.input as Sent;
        const played = answers[commandName];
        if (played !== undefined) return played(input);
        if (commandName === "TagResourceCommand") plane.changes.push("TagResource");
        const done = await next(args);
        if (commandName !== "DescribeTableCommand") return done;
        const output = done.output as DescribeTableCommandOutput;
        return { ...done, output: restoredDescription(output, input.TableName ?? "") };
      },
    { step: "initialize" },
  );
  return plane;
};
