Attribute VB_Name = "KaoheRibbon"
Option Explicit
'One Sub a button of the ribbon; written by kaohe.faces.buttons from its table.

Public Sub Click_check_form(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.check_form()"
End Sub

Public Sub Click_next_problem(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.next_problem()"
End Sub

Public Sub Click_read_typed_values(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.read_typed_values()"
End Sub

Public Sub Click_save_return(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.save_return()"
End Sub

Public Sub Click_new_master(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.new_master()"
End Sub

Public Sub Click_issue_forms(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.issue_forms()"
End Sub

Public Sub Click_consolidate(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.consolidate()"
End Sub

Public Sub Click_show_issues(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.show_issues()"
End Sub

Public Sub Click_explain_score(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.explain_score()"
End Sub

Public Sub Click_check_scheme(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.check_scheme()"
End Sub

Public Sub Click_decide(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.decide()"
End Sub

Public Sub Click_publish(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.publish()"
End Sub

Public Sub Click_audit(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.audit()"
End Sub

Public Sub Click_try_rules(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.try_rules()"
End Sub

Public Sub Click_compare(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.compare()"
End Sub

Public Sub Click_close_year(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.close_year()"
End Sub

Public Sub Click_roll_over(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.roll_over()"
End Sub

Public Sub Click_restore_backup(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.restore_backup()"
End Sub

Public Sub Click_show_help(control As IRibbonControl)
    EnsureBook
    RunPython "import kaohe.faces.ribbon as r; r.show_help()"
End Sub

Private Sub EnsureBook()
    'RunPython needs an active workbook, also before a master is made.
    If ActiveWorkbook Is Nothing Then Workbooks.Add
End Sub
