/**
 * The one table: on demand, encrypted, restorable to any second of the last 35 days, and not deleted by mistake. One that was restored
 * is used by its name, for CloudFormation can't make it: `npm run restore` has given it the same settings.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { stateTableSchema } from "../../adapters/store/schema.ts";
import type { Config } from "../config.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** What functions are told of it, and may reach. */
export interface NamedTable {
  readonly tableName: string;
  readonly tableArn: string;
}

export class StateTable extends Construct {
  readonly table: NamedTable;

  constructor(scope: Construct, id: string, config: Pick<Config, "STAGE" | "STATE_TABLE">) {
    super(scope, id);
    this.table =
      config.STATE_TABLE === undefined
        ? this.#make(`spot-optimizer-${config.STAGE}`)
        : TableV2.fromTableName(this, "Table", config.STATE_TABLE);
  }

  #make(tableName: string): TableV2 {
    return new TableV2(this, "Table", {
      tableName,
      partitionKey: text(stateTableSchema.partitionKey),
      sortKey: text(stateTableSchema.sortKey),
      globalSecondaryIndexes: stateTableSchema.indexes.map((index) => ({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType[stateTableSchema.projection],
      })),
      timeToLiveAttribute: stateTableSchema.timeToLiveAttribute,
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: stateTableSchema.pointInTimeRecovery,
      },
      deletionProtection: stateTableSchema.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
