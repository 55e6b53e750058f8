Attribute VB_Name = "KaoheFunctions"
Option Explicit
'Help for the function wizard. Its texts are Chinese and stand in a sheet of the add-in, because VBA text is
'kept ASCII. A row: name, category, description, number of arguments, then the help of each argument.
'No Option Private Module: OnTime looks DescribeFunctions up by name. Only Subs are public; cells cannot call them.

Public Described As Boolean
Public FirstFailure As Long 'Error number of the first function whose help was refused; 0 when none was.

Private Const HelpSheet As String = "kaohe.functions"

Public Sub DescribeLater()
    'Excel opens XLSTART before any workbook, and MacroOptions raises 1004 as long as none is active.
    Application.OnTime Now, "'" & ThisWorkbook.Name & "'!KaoheFunctions.DescribeFunctions"
End Sub

Public Sub DescribeFunctions()
    Dim help As Worksheet
    Dim row As Long
    If Described Then Exit Sub
    If ActiveWorkbook Is Nothing Then Exit Sub
    Described = True
    Set help = ThisWorkbook.Worksheets(HelpSheet)
    row = 1
    Do While Len(help.Cells(row, 1).Value) > 0
        DescribeFunction help, row
        row = row + 1
    Loop
    ThisWorkbook.Saved = True
End Sub

Private Sub DescribeFunction(help As Worksheet, row As Long)
    Dim texts() As String
    Dim count As Long
    Dim i As Long
    Dim target As String
    target = "'" & ThisWorkbook.Name & "'!" & help.Cells(row, 1).Value
    count = help.Cells(row, 4).Value
    If count > 0 Then
        ReDim texts(1 To count)
        For i = 1 To count
            texts(i) = help.Cells(row, 4 + i).Value
        Next i
    End If
    On Error Resume Next 'Some versions refuse this for add-ins; functions work without help.
    If count = 0 Then
        Application.MacroOptions Macro:=target, Description:=help.Cells(row, 3).Value, _
            Category:=help.Cells(row, 2).Value
    Else
        Application.MacroOptions Macro:=target, Description:=help.Cells(row, 3).Value, _
            Category:=help.Cells(row, 2).Value, ArgumentDescriptions:=texts
    End If
    If Err.Number <> 0 And FirstFailure = 0 Then FirstFailure = Err.Number
End Sub
