// A fault in an object, field by field, as the API tells it.

/** A fault in an object, in the words of apimachinery's field.Error. */
export interface FieldError {
  field: string
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
  /** Without the leading field path: `Required value`, `Invalid value: "X": must ...`. */
  message: string
}
