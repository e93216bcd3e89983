//! XLSForm workbooks (.xlsx) into ODK XForms, errors by sheet, row and column.
