/** Eight times Temporal's default: so many more changes can be listed by a workflow they share. */
export const EMBEDDED_SEARCH_ATTRIBUTE_BYTES = 16_384;
