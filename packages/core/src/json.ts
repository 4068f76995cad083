/** What JSON can hold. Non-finite numbers are not JSON: write them as "Infinity" and "-Infinity". */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}
